/** Stops asking a service that keeps failing, and tries it again after a pause. */
export interface CircuitBreaker {
  readonly state: "closed" | "open" | "half_open";
  /** Whether a call may go out now. After the pause one call may, as a trial; the others wait for what comes of it. */
  enter(): boolean;
  succeeded(): void;
  failed(): void;
  /** The call that went out says nothing about the service: the person left. */
  left(): void;
}

export interface CircuitBreakerOptions {
  /** Failures in a row that open it. Default 3. */
  readonly failures?: number;
  /** Milliseconds for which it stays open. Default 30,000. */
  readonly pauseMs?: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

export function createCircuitBreaker(options: CircuitBreakerOptions = {}): CircuitBreaker {
  const { failures = 3, pauseMs = 30_000, now = () => performance.now() } = options;
  let inARow = 0;
  let openedAt: number | null = null;
  let isTrying = false;
  const isPaused = () => openedAt !== null && now() - openedAt < pauseMs;
  return {
    get state() {
      if (openedAt === null) return "closed";
      return isPaused() || isTrying ? "open" : "half_open";
    },
    enter: () => {
      if (openedAt === null) return true;
      if (isPaused() || isTrying) return false;
      isTrying = true;
      return true;
    },
    succeeded: () => {
      inARow = 0;
      openedAt = null;
      isTrying = false;
    },
    failed: () => {
      inARow += 1;
      if (isTrying || inARow >= failures) openedAt = now();
      isTrying = false;
    },
    left: () => {
      isTrying = false;
    },
  };
}
