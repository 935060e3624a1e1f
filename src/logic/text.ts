import {
  ATTRIBUTE_IDS,
  type AttributeId,
  isConceptId,
  PREDICATE_IDS,
  type PredicateId,
} from "../../knowledge/ontology/ids.ts";
import { TerralogueError } from "../errors.ts";
import type { Comparison, Formula } from "./formula.ts";

const ATTRIBUTES: ReadonlySet<string> = new Set(ATTRIBUTE_IDS);
const PREDICATES: ReadonlySet<string> = new Set(PREDICATE_IDS);
const CHANGES = ["new", "gone", "grown", "shrunk", "changed", "as_of"] as const;
type Change = (typeof CHANGES)[number];
const CHANGE_SET: ReadonlySet<string> = new Set(CHANGES);
/** Nesting deeper than this is refused. */
const MOST_DEPTH = 200;

/**
 * Prints a formula in its text form, which `parseFormula` reads back to an equal formula:
 * `large_roof(x) ∧ ∃y (highway_exit(y) ∧ near(x, y, 500)) ∧ new(x, 2023-05-14, 2025-06-02) ∧ area(x) >= 20000`.
 * A distance with a tilde, `near(x, y, ~1000)`, is a soft threshold; `_` stands for a date left out.
 */
export function printFormula(formula: Formula): string {
  return print(formula, 0);
}

/** Binding strength: → 1, ∨ 2, ∧ 3, all else 4. */
function print(formula: Formula, outer: number): string {
  const wrap = (level: number, text: string) => (level < outer ? `(${text})` : text);
  switch (formula.kind) {
    case "true":
    case "false":
      return formula.kind;
    case "concept":
      return `${formula.concept}(${formula.term})`;
    case "attribute":
      return `${formula.attribute}(${formula.term})`;
    case "area":
      return wrap(3.5, `area(${formula.term}) ${formula.op} ${formula.value}`);
    case "time": {
      const { from, to } = formula;
      const dates = from === undefined && to === undefined ? "" : `, ${from ?? "_"}, ${to ?? "_"}`;
      return `${formula.change}(${formula.term}${dates})`;
    }
    case "spatial": {
      const distance = formula.distanceM === undefined ? [] : [`${formula.soft ? "~" : ""}${formula.distanceM}`];
      return `${formula.predicate}(${[...formula.terms, ...distance].join(", ")})`;
    }
    case "equal":
      return wrap(3.5, `${formula.left} = ${formula.right}`);
    case "not":
      return `¬${print(formula.body, 4)}`;
    case "and":
      return formula.parts.length === 0 ? "true" : many(formula.parts, " ∧ ", 3, outer);
    case "or":
      return formula.parts.length === 0 ? "false" : many(formula.parts, " ∨ ", 2, outer);
    case "implies":
      return wrap(1, `${print(formula.left, 2)} → ${print(formula.right, 1)}`);
    case "exists":
      return `∃${formula.variable} (${print(formula.body, 0)})`;
    case "forall":
      return `∀${formula.variable} (${print(formula.body, 0)})`;
    case "count": {
      const op = { ">=": "≥", "<=": "≤", "=": "=" }[formula.op];
      return `${op}${formula.n} ${formula.variable} (${print(formula.body, 0)})`;
    }
  }
}

function many(parts: readonly Formula[], joiner: string, level: number, outer: number): string {
  const [only] = parts;
  if (parts.length === 1 && only) return print(only, outer);
  const text = parts.map((part) => print(part, level + 0.1)).join(joiner);
  return level < outer ? `(${text})` : text;
}

interface Token {
  readonly text: string;
  readonly at: number;
}

const TOKEN =
  /\s*(->|→|=>|>=|<=|≥|≤|[∧∨¬∃∀()&|!,<>=~_](?![\w])|@[\p{L}\p{N}_:.-]+|\d{4}-\d{2}-\d{2}|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|[\p{L}_][\p{L}\p{N}_]*|[∧∨¬∃∀()&|!,<>=~])/uy;

/**
 * Reads the text form of a formula. ASCII spellings are `&`, `|`, `!` (or and, or, not), `->`, `exists y (…)`,
 * `forall y (…)`, `>=2 y (…)`.
 *
 * @throws {TerralogueError} `bad_question` naming the position and what was expected
 */
export function parseFormula(text: string): Formula {
  const tokens = tokenise(text);
  let position = 0;
  let depth = 0;
  const peek = (ahead = 0) => tokens[position + ahead]?.text;
  const fail = (expected: string): never => {
    const token = tokens[position];
    const found = token ? `"${token.text}"` : "the end";
    throw new TerralogueError(
      "bad_question",
      `The formula has ${found} at position ${token?.at ?? text.length}; expected ${expected}.`,
    );
  };
  const next = (): string => {
    const token = tokens[position];
    if (!token) return fail("more");
    position += 1;
    return token.text;
  };
  const take = (...options: string[]): boolean => {
    if (!options.includes(peek() ?? "")) return false;
    position += 1;
    return true;
  };
  const expect = (token: string) => {
    if (!take(token)) fail(`"${token}"`);
  };
  const nested = <T>(read: () => T): T => {
    depth += 1;
    if (depth > MOST_DEPTH)
      throw new TerralogueError("bad_question", `The formula is nested deeper than ${MOST_DEPTH} levels; simplify it.`);
    const value = read();
    depth -= 1;
    return value;
  };

  const implication = (): Formula =>
    nested(() => {
      const left = disjunction();
      return take("→", "->", "=>") ? { kind: "implies", left, right: implication() } : left;
    });
  const disjunction = (): Formula => {
    const parts = [conjunction()];
    while (take("∨", "|", "or")) parts.push(conjunction());
    return parts.length === 1 ? (parts[0] as Formula) : { kind: "or", parts };
  };
  const conjunction = (): Formula => {
    const parts = [unary()];
    while (take("∧", "&", "and")) parts.push(unary());
    return parts.length === 1 ? (parts[0] as Formula) : { kind: "and", parts };
  };
  const unary = (): Formula =>
    nested(() => {
      if (take("¬", "!", "not")) return { kind: "not", body: unary() };
      if (take("∃", "exists")) return quantified("exists");
      if (take("∀", "forall")) return quantified("forall");
      if (["≥", "≤", ">=", "<=", "="].includes(peek() ?? "")) return counted();
      if (take("(")) {
        const body = implication();
        expect(")");
        return body;
      }
      return atom();
    });
  const body = (): Formula => {
    expect("(");
    const inner = implication();
    expect(")");
    return inner;
  };
  const quantified = (kind: "exists" | "forall"): Formula => ({ kind, variable: variable(), body: body() });
  const counted = (): Formula => {
    const op = ({ "≥": ">=", "≤": "<=" } as Record<string, string>)[peek() ?? ""] ?? peek();
    position += 1;
    const n = Number(next());
    if (!Number.isInteger(n) || n < 0) fail("a whole number of things");
    return { kind: "count", op: op as ">=" | "<=" | "=", n, variable: variable(), body: body() };
  };
  const variable = (): string => {
    const name = next();
    if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) fail("a variable name");
    return name;
  };
  const term = (): string => {
    const name = next();
    if (!/^@|^[\p{L}_]/u.test(name)) fail("a variable or an @constant");
    return name;
  };
  const number = (): number => {
    const value = Number(next());
    if (!Number.isFinite(value)) fail("a number");
    return value;
  };
  const atom = (): Formula => {
    const name = peek();
    if (name === undefined) return fail("a formula");
    if (take("true")) return { kind: "true" };
    if (take("false")) return { kind: "false" };
    if (peek(1) === "=") {
      const left = term();
      expect("=");
      return { kind: "equal", left, right: term() };
    }
    if (peek(1) !== "(") return fail("a predicate, a quantifier or a parenthesis");
    if (name === "area") return areaAtom();
    if (CHANGE_SET.has(name)) return timeAtom(name as Change);
    if (PREDICATES.has(name)) return spatialAtom(name as PredicateId);
    position += 2;
    const argument = term();
    expect(")");
    if (isConceptId(name)) return { kind: "concept", concept: name, term: argument };
    if (ATTRIBUTES.has(name)) return { kind: "attribute", attribute: name as AttributeId, term: argument };
    throw new TerralogueError(
      "bad_question",
      `The formula uses "${name}", which is no concept, attribute or predicate.`,
    );
  };
  const areaAtom = (): Formula => {
    position += 2;
    const argument = term();
    expect(")");
    const spelled = next();
    const op = ({ "≥": ">=", "≤": "<=" } as Record<string, string>)[spelled] ?? spelled;
    if (!["<", "<=", "=", ">=", ">"].includes(op)) fail("a comparison");
    return { kind: "area", term: argument, op: op as Comparison, value: number() };
  };
  const timeAtom = (change: Change): Formula => {
    position += 2;
    const argument = term();
    const dates: (string | undefined)[] = [];
    while (take(",")) {
      const date = next();
      if (date !== "_" && !/^\d{4}-\d{2}-\d{2}$/.test(date)) fail("a date (YYYY-MM-DD) or _");
      dates.push(date === "_" ? undefined : date);
    }
    expect(")");
    const [from, to] = dates;
    return { kind: "time", change, term: argument, ...(from && { from }), ...(to && { to }) };
  };
  const spatialAtom = (predicate: PredicateId): Formula => {
    position += 2;
    const terms = [term()];
    let distanceM: number | undefined;
    let soft = false;
    while (take(",")) {
      soft = take("~");
      if (soft || /^-?\d/.test(peek() ?? "")) distanceM = number();
      else terms.push(term());
    }
    expect(")");
    if (terms.length < 2) fail(`two things for ${predicate}`);
    return { kind: "spatial", predicate, terms, ...(distanceM !== undefined && { distanceM }), ...(soft && { soft }) };
  };

  const formula = implication();
  if (position < tokens.length) fail("the end");
  return formula;
}

function tokenise(text: string): readonly Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  let at = 0;
  while (at < text.length) {
    if (text.slice(at).trim() === "") break;
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (!match?.[1]) {
      const rest = text.slice(at).trimStart().slice(0, 12);
      throw new TerralogueError("bad_question", `The formula cannot be read at position ${at}, near "${rest}".`);
    }
    tokens.push({ text: match[1], at: TOKEN.lastIndex - match[1].length });
    at = TOKEN.lastIndex;
  }
  return tokens;
}
