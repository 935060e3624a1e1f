import { isDay, monthRange } from "../dates.ts";

const MONTHS = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
];
/** A day, month or year at `i`: "2023-05-14", "2023-05", "14 May 2023", "May 2023", "2023". */
export function writtenDateAt(words: readonly string[], i: number): { from: string; to: string; count: number } | null {
  const word = words[i] ?? "";
  if (/^\d{4}-\d{2}-\d{2}$/.test(word) && isDay(word)) return { from: word, to: word, count: 1 };
  if (/^\d{4}-\d{2}$/.test(word)) return monthRange(Number(word.slice(0, 4)), Number(word.slice(5)), 1);
  const month = monthNumber(word);
  if (month > 0 && isYear(words[i + 1])) return monthRange(Number(words[i + 1]), month, 2);
  const dayMonth = monthNumber(words[i + 1] ?? "");
  if (/^\d{1,2}$/.test(word) && dayMonth > 0 && isYear(words[i + 2])) {
    const day = `${words[i + 2]}-${String(dayMonth).padStart(2, "0")}-${word.padStart(2, "0")}`;
    if (isDay(day)) return { from: day, to: day, count: 3 };
  }
  // March 3, 2024
  const comma = words[i + 2] === "," ? i + 3 : i + 2;
  if (month > 0 && /^\d{1,2}$/.test(words[i + 1] ?? "") && isYear(words[comma])) {
    const day = `${words[comma]}-${String(month).padStart(2, "0")}-${(words[i + 1] ?? "").padStart(2, "0")}`;
    if (isDay(day)) return { from: day, to: day, count: comma - i + 1 };
  }
  // between May and August 2023: the year of the second month is that of the first
  if (
    month > 0 &&
    ["and", "to", "until", "-"].includes(words[i + 1] ?? "") &&
    monthNumber(words[i + 2] ?? "") > 0 &&
    isYear(words[i + 3])
  )
    return monthRange(Number(words[i + 3]), month, 1);
  if (isYear(word) && words[i + 1] === "s" && word.endsWith("0"))
    return { from: `${word}-01-01`, to: `${Number(word) + 9}-12-31`, count: 2 };
  const next = words[i + 1] ?? "";
  if (
    isYear(word) &&
    !/^(m|km|metres?|meters?|feet|ft|miles?|ha|hectares?|m2|m²|acres?|square|sq|yards?|米|公里)$/.test(next)
  )
    return { from: `${word}-01-01`, to: `${word}-12-31`, count: 1 };
  return null;
}

function monthNumber(word: string): number {
  return word.length >= 3 ? MONTHS.findIndex((month) => month === word || month.slice(0, 3) === word) + 1 : 0;
}

function isYear(word: string | undefined): boolean {
  return /^(19|20)\d{2}$/.test(word ?? "");
}
