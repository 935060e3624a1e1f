/** Builds dist/node when a source is newer; whether it did. */
export function buildNode(): Promise<boolean>;
/** Builds dist/ui when a source is newer; whether it did. */
export function buildPage(): Promise<boolean>;
