import type { Engine } from "../engine.ts";
import { TerralogueError } from "../errors.ts";

export interface CurrentEngine {
  /**
   * The engine of the moment: each look gives the parts of the one that is current then.
   *
   * @throws {TerralogueError} `empty_workspace` at every look while there is none
   */
  readonly engine: Engine;
  /** Content hash of the workspace as it is answered from; null while there is none. */
  fingerprint(): string | null;
  /** Holds what is current open while something uses it; the returned function lets go. */
  use(): () => void;
  /**
   * Keeps the content as it is at this moment for all who ask, whatever an ingest writes meanwhile; until the next renewal, or until
   * the returned function lets go.
   */
  holdStill(): () => void;
  /** Opens the workspace anew and answers from it from now on. Turns and requests that run keep the old one until they end. */
  renew(): Promise<void>;
  /** Resolves when no turn is running, on the current engine or on an old one, and all of them are closed. */
  close(): Promise<void>;
}

/**
 * The one engine of a service, which can be exchanged for a fresh one over the same workspace while it is in use.
 *
 * @param first null where the workspace holds nothing yet
 * @param open opens the workspace as it is now
 */
export function createCurrentEngine(first: Engine | null, open: () => Promise<Engine>): CurrentEngine {
  interface Held {
    readonly engine: Engine | null;
    users: number;
    whenUnused: (() => void) | null;
  }
  let current: Held = { engine: first, users: 0, whenUnused: null };
  const retiring = new Set<Promise<void>>();
  const retire = (held: Held): Promise<void> => {
    const unused = new Promise<void>((resolve) => {
      if (held.users === 0) resolve();
      else held.whenUnused = resolve;
    });
    return unused.then(() => held.engine?.agent.idle()).then(() => held.engine?.close());
  };
  const now = (): Engine => {
    if (current.engine) return current.engine;
    throw new TerralogueError("empty_workspace", "The workspace holds nothing yet; add imagery or layers to it first.");
  };
  return {
    engine: {
      get workspace() {
        return now().workspace;
      },
      get context() {
        return now().context;
      },
      get stages() {
        return now().stages;
      },
      get agent() {
        return now().agent;
      },
      get hasModel() {
        return now().hasModel;
      },
      close: () => current.engine?.close(),
    },
    fingerprint: () => current.engine?.workspace.fingerprint ?? null,
    use: () => {
      const held = current;
      held.users += 1;
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        held.users -= 1;
        if (held.users === 0) held.whenUnused?.();
      };
    },
    holdStill: () => current.engine?.workspace.holdStill() ?? (() => {}),
    renew: async () => {
      const next = await open();
      const old = current;
      current = { engine: next, users: 0, whenUnused: null };
      const retired = retire(old);
      retiring.add(retired);
      void retired.finally(() => retiring.delete(retired));
    },
    close: async () => {
      await current.engine?.agent.idle();
      // Connections are cut when a service closes: requests that use an engine have nobody to answer to.
      current.engine?.close();
      await Promise.race([Promise.all(retiring), new Promise((resolve) => setTimeout(resolve, 2000).unref())]);
    },
  };
}
