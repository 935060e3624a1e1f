import { parseQuantity } from "../../knowledge/parse-quantity.ts";
import { parseTime } from "../../knowledge/parse-time.ts";
import { foldMessage } from "../../query/knowledge/landmark-names.ts";

/** Two quantities this close are one that was rounded. */
const ROUNDING = 0.005;
const NUMBER_WITH_UNIT =
  /(?:about |around |some |约)?[-−]?\d[\d,]*(?:\.\d+)?\s*(?:(?:thousand|million|billion|百万|万亿|万|亿)\s*)?(?:[a-zA-Z²³%]+|[\p{Script=Han}]{1,4})?(?:\s(?:a|per)\s(?:year|day))?/gu;

/**
 * Whether a reply holds an expected answer: a year or span as such, a quantity in any unit and within half a percent, "yes" and "no"
 * at its beginning, anything else as words, without case, accents and punctuation. Alternatives stand apart by "|".
 *
 * @param titles names of the landmarks that the reply cites, which count as its words: a Chinese reply names them in Chinese
 */
export function holdsAnswer(reply: string, expected: string, titles: readonly string[] = []): boolean {
  const text = reply.replace(/\s?\[\d+\]/g, "");
  return expected.split("|").some((one) => holdsOne(text, one.trim(), titles));
}

function holdsOne(text: string, expected: string, titles: readonly string[]): boolean {
  if (/^(yes|是|是的)$/i.test(expected)) return /^(yes|是)/i.test(text.trim());
  if (/^(no|不是|否)$/i.test(expected)) return /^(no\b|不是|否)/i.test(text.trim());
  const folded = ` ${foldMessage(text)} `;
  const wanted = foldMessage(expected);
  const isHan = /\p{Script=Han}/u.test(wanted);
  if (
    wanted !== "" &&
    (isHan ? folded.replace(/ /g, "").includes(wanted.replace(/ /g, "")) : folded.includes(` ${wanted} `))
  )
    return true;
  if (titles.some((title) => foldMessage(title) === wanted)) return true;
  const time = parseTime(expected);
  if (time && (time.from.year > 999 || time.from.year < 0 || /世纪|centur|BC|AD|年/i.test(expected))) {
    if (time.to) return false;
    const hasYear = new RegExp(`(?<!\\d)${Math.abs(time.from.year)}(?!\\d)`).test(text);
    return hasYear && time.from.month === undefined;
  }
  const quantity = parseQuantity(expected);
  if (!quantity) return false;
  return [...text.matchAll(NUMBER_WITH_UNIT)].some(([found]) => {
    for (let words = found.trim(); words !== ""; words = words.slice(0, -1).trim()) {
      const own = parseQuantity(words);
      if (!own) continue;
      const isUnit = own.unit === quantity.unit || quantity.unit === "1" || own.unit === "1";
      const value =
        own.unit === quantity.unit
          ? own.value
          : quantity.unit === "1"
            ? (parseQuantity(words.replace(/[^\d.,-]+$/u, ""))?.value ?? own.value)
            : own.value;
      if (isUnit && Math.abs(value - quantity.value) <= ROUNDING * Math.abs(quantity.value)) return true;
    }
    return false;
  });
}
