export interface RetryOptions {
  readonly signal?: AbortSignal;
  /** Calls at most, the first included. Default 3. */
  readonly attempts?: number;
  /** Milliseconds before the second call; doubled before each further one, with up to a quarter of chance. Default 250. */
  readonly firstDelayMs?: number;
}

/** Does again what failed for a reason that may pass, after a pause that grows; the service's own Retry-After is kept to. */
export async function withRetries<T>(work: (attempt: number) => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const { signal, attempts = 3, firstDelayMs = 250 } = options;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt);
    } catch (fault) {
      signal?.throwIfAborted();
      if (attempt >= attempts || !mayPass(fault)) throw fault;
      const backoff = firstDelayMs * 2 ** (attempt - 1) * (1 + Math.random() / 4);
      await pause(Math.max(backoff, retryAfterMs(fault)), signal);
    }
  }
}

const CONNECTION_FAULTS =
  /ECONN|EPIPE|ETIMEDOUT|EAI_AGAIN|ENOTFOUND|UND_ERR|socket|fetch failed|terminated|connection error|network|premature|other side closed|stream ended|aborted by the server/i;

/** 429, 5xx and faults of the connection may pass; anything else is an answer. */
export function mayPass(fault: unknown): boolean {
  const status = statusOf(fault);
  if (status !== null) return status === 429 || status === 408 || status >= 500;
  for (let cause = fault; cause instanceof Error; cause = cause.cause) {
    if (CONNECTION_FAULTS.test(`${cause.name} ${cause.message} ${(cause as NodeJS.ErrnoException).code ?? ""}`))
      return true;
  }
  return false;
}

function statusOf(fault: unknown): number | null {
  const { status, status_code, statusCode } = (fault ?? {}) as Record<string, unknown>;
  const found = status ?? status_code ?? statusCode;
  return typeof found === "number" ? found : null;
}

function retryAfterMs(fault: unknown): number {
  const headers = (fault as { headers?: unknown } | null)?.headers;
  const value = headers instanceof Headers ? headers.get("retry-after") : null;
  const seconds = Number(value ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 60) * 1000 : 0;
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
