import type { Formula } from "./formula.ts";

/** Names of the variables that no quantifier binds, and of the places ("@…") that the formula uses. */
export function freeVariables(formula: Formula): ReadonlySet<string> {
  switch (formula.kind) {
    case "true":
    case "false":
      return new Set();
    case "concept":
    case "attribute":
    case "area":
    case "time":
      return new Set([formula.term]);
    case "spatial":
      return new Set(formula.terms);
    case "equal":
      return new Set([formula.left, formula.right]);
    case "not":
      return freeVariables(formula.body);
    case "and":
    case "or":
      return new Set(formula.parts.flatMap((part) => [...freeVariables(part)]));
    case "implies":
      return new Set([...freeVariables(formula.left), ...freeVariables(formula.right)]);
    default: {
      const free = new Set(freeVariables(formula.body));
      free.delete(formula.variable);
      return free;
    }
  }
}
