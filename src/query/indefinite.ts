/** “a container terminal” is any of the kind, also where one of them bears that name. */
export const INDEFINITE: ReadonlySet<string> = new Set(["a", "an", "any", "another", "every", "each", "no"]);
