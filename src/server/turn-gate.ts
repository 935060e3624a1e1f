/** Lets so many turns run at once and no more. */
export interface TurnGate {
  /** Takes a place, to be left by the function that comes back; null when all are taken. */
  enter(): (() => void) | null;
}

export function createTurnGate(most: number): TurnGate {
  let running = 0;
  return {
    enter: () => {
      if (running >= most) return null;
      running += 1;
      let isIn = true;
      return () => {
        if (isIn) running -= 1;
        isIn = false;
      };
    },
  };
}
