import type { Moment, TimeValue } from "./fact-value.ts";

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const ABOUT = /^(?:about|around|approximately|circa|ca?\.|mainly|mostly|~|约|大约|公元(?!前))\s*/i;
const BEGINS = /^(?:since|from(?: the)?|begun(?: in)?|start(?:ed)?(?: in)?|自|始于|从)\s*/i;
const DASH = "\\s*(?:[-–—~至到]|to|until)\\s*";

/**
 * When something was, as far as the words tell: "1998", "since 1998", "1998年5月", "12 May 1999", "1830–1848",
 * "26th century BC", "about 518 BC". The whole text must be one date or span; else null.
 */
export function parseTime(text: string): TimeValue | null {
  let rest = text
    .normalize("NFKC")
    .trim()
    .replace(/\s*\([^)]*\)\s*$/, "")
    .replace(/[.。]$/, "");
  let isAbout = false;
  let isOpen = false;
  for (let i = 0; i < 3; i += 1) {
    const begins = BEGINS.exec(rest);
    if (begins) {
      isOpen = true;
      rest = rest.slice(begins[0].length);
    }
    const about = ABOUT.exec(rest);
    if (about) {
      isAbout ||= !about[0].startsWith("公元");
      rest = rest.slice(about[0].length);
    }
  }
  rest = rest.replace(/^in\s+/i, "").replace(/(?:以来|起|至今|建成|开通|启用|左右)$/u, (tail) => {
    if (/以来|起|至今/.test(tail)) isOpen = true;
    if (tail === "左右") isAbout = true;
    return "";
  });
  const open = /^(.+?)\s*[-–—]\s*(?:present|today)?$/i.exec(rest);
  if (open) {
    const one = parseOne(open[1] as string);
    return one && !one.to ? { kind: "time", from: one.from, isOpen: true, isAbout } : null;
  }
  const one = parseOne(rest);
  if (one) return { kind: "time", ...one, isOpen, isAbout };
  const span = new RegExp(`^(.+?)${DASH}(.+)$`, "i").exec(rest);
  if (!span) return null;
  const last = parseOne(span[2] as string);
  if (!last) return null;
  const isCentury = /centur|世纪/i.test(span[2] as string);
  const isBc = last.from.year < 0 && !/\b(ad|ce)\b|bc|bce|公元前/i.test(span[1] as string);
  const head = (span[1] as string) + (isCentury && !/centur|世纪/i.test(span[1] as string) ? " century" : "");
  const first = parseOne(isBc ? `${head} BC` : head);
  if (!first) return null;
  const to = last.to ?? last.from;
  if (first.from.year > to.year) return null;
  return { kind: "time", from: first.from, to, isOpen, isAbout };
}

/** One date, or a century as the span of its years. */
function parseOne(words: string): { readonly from: Moment; readonly to?: Moment } | null {
  const text = words.trim();
  const century =
    /^(?:(early|mid|middle|late)[ -]+)?(\d{1,2})(?:st|nd|rd|th)?[ -]?(?:century|centuries|世纪)(早期|中叶|末|初)?\s*(bc|bce|ad|ce)?$/i.exec(
      text,
    ) ?? /^(公元前)(\d{1,2})世纪$/.exec(text);
  if (century) {
    const number = Number(century[2]);
    const isBc = century[1] === "公元前" || /^bc/i.test(century[4] ?? "");
    if (number < 1) return null;
    return isBc
      ? { from: { year: -number * 100 }, to: { year: -(number - 1) * 100 - 1 } }
      : { from: { year: (number - 1) * 100 + 1 }, to: { year: number * 100 } };
  }
  const iso = /^(\d{4})-(\d{1,2})(?:-(\d{1,2}))?$/.exec(text);
  if (iso) return moment(Number(iso[1]), iso[2], iso[3]);
  const chinese = /^(公元前)?(\d{1,4})年(?:(\d{1,2})月(?:(\d{1,2})[日号])?)?$/.exec(text);
  if (chinese) return moment(Number(chinese[2]) * (chinese[1] ? -1 : 1), chinese[3], chinese[4]);
  const year = /^(?:ad )?(-?\d{1,4})\s*(bc|bce|ad|ce)?$/i.exec(text);
  if (year) return moment(Number(year[1]) * (/^bc/i.test(year[2] ?? "") ? -1 : 1));
  const dayFirst = /^(?:(\d{1,2})(?:st|nd|rd|th)?\s+)?([a-z]{3,9})\.?,?\s+(\d{3,4})$/i.exec(text);
  if (dayFirst) return moment(Number(dayFirst[3]), monthOf(dayFirst[2] as string), dayFirst[1]);
  const monthFirst = /^([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{3,4})$/i.exec(text);
  if (monthFirst) return moment(Number(monthFirst[3]), monthOf(monthFirst[1] as string), monthFirst[2]);
  return null;
}

function monthOf(word: string): number | null {
  const index = MONTHS.indexOf(word.slice(0, 3).toLowerCase());
  const names = new Intl.DateTimeFormat("en", { month: "long", timeZone: "UTC" });
  const full = index < 0 ? "" : names.format(new Date(Date.UTC(2000, index, 1))).toLowerCase();
  return index >= 0 && full.startsWith(word.toLowerCase().slice(0, 9))
    ? index + 1
    : index >= 0 && word.toLowerCase() === "sept"
      ? 9
      : null;
}

function moment(year: number, month?: string | number | null, day?: string | number): { readonly from: Moment } | null {
  if (!Number.isInteger(year) || year === 0 || year > 2200) return null;
  if (month === null) return null;
  const [m, d] = [month === undefined ? undefined : Number(month), day === undefined ? undefined : Number(day)];
  if (m !== undefined && (m < 1 || m > 12)) return null;
  if (d !== undefined && (m === undefined || d < 1 || d > new Date(Date.UTC(2000, m, 0)).getUTCDate())) return null;
  return { from: { year, ...(m !== undefined && { month: m }), ...(d !== undefined && { day: d }) } };
}
