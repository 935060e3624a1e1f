export interface BuildOptions {
  /** Called when something is stale, before it is built. */
  readonly onStart?: () => void;
}
/** Builds dist/node when a source is newer; whether it did. */
export function buildNode(options?: BuildOptions): Promise<boolean>;
/** Builds dist/ui when a source is newer; whether it did. */
export function buildPage(options?: BuildOptions): Promise<boolean>;
