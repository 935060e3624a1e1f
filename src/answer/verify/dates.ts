const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const MONTH = `(${MONTHS.join("|")})[a-z]*\\.?`;

export interface DateInText {
  /** "2024-05-12", "2024-05" or "2024". */
  readonly date: string;
  readonly start: number;
  readonly end: number;
}

const PATTERNS: readonly (readonly [RegExp, (match: RegExpExecArray) => string])[] = [
  [/(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)/g, ([, y, m, d]) => `${y}-${m}-${d}`],
  [/(?<!\d)(\d{4})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?[日号]/g, ([, y, m, d]) => `${y}-${two(m)}-${two(d)}`],
  [/(?<!\d)(\d{4})\s?年\s?(\d{1,2})\s?月/g, ([, y, m]) => `${y}-${two(m)}`],
  [/(?<!\d)(\d{4})\s?年/g, ([, y]) => String(y)],
  [new RegExp(`\\b(\\d{1,2}) ${MONTH} (\\d{4})\\b`, "gi"), ([, d, m, y]) => `${y}-${monthNumber(m)}-${two(d)}`],
  [new RegExp(`\\b${MONTH} (\\d{1,2}),? (\\d{4})\\b`, "gi"), ([, m, d, y]) => `${y}-${monthNumber(m)}-${two(d)}`],
  [new RegExp(`\\b${MONTH} (\\d{4})\\b`, "gi"), ([, m, y]) => `${y}-${monthNumber(m)}`],
  [/(?<!\d)(\d{4})-(\d{2})(?![-\d])/g, ([, y, m]) => `${y}-${m}`],
  [
    /(?<![\p{Script=Latin}\d.]|\d,)(1[4-9]\d{2}|20\d{2})(?![\p{Script=Latin}\d%]|,\d|\.\d|\s?(?:m²|m|km|ha|%|米|公里|公顷|平方))/gu,
    ([, y]) => String(y),
  ],
];

function two(number: string | undefined): string {
  return String(number).padStart(2, "0");
}

function monthNumber(name: string | undefined): string {
  return two(String(MONTHS.indexOf(String(name).slice(0, 3).toLowerCase()) + 1));
}

/** Every date and year of a text, as ISO to the precision in which it is written, in the order in which they stand. */
export function datesIn(text: string): readonly DateInText[] {
  const found: DateInText[] = [];
  for (const [pattern, read] of PATTERNS) {
    for (const match of text.matchAll(pattern)) {
      const [start, end] = [match.index, match.index + match[0].length];
      if (found.some((other) => start < other.end && end > other.start)) continue;
      found.push({ date: read(match as RegExpExecArray), start, end });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

/** A date is backed by one that is as precise or more: "2024" by "2024-05-12". */
export function backsDate(known: readonly string[], date: string): boolean {
  return known.some((other) => other === date || other.startsWith(`${date}-`));
}
