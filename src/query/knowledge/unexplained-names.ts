import { KIND_WORDS } from "../../knowledge/names.ts";
import { countriesIn, foldMessage, type Mention } from "./landmark-names.ts";
import { mayBeCalled } from "./name-kinds.ts";
import { QUESTION_WORDS, SMALL } from "./question-words.ts";

/**
 * The longer or other name that a mention is only a part of, or null: "Hoover Dam Bridge", "New Panama Canal", "the Eiffel Tower
 * in Las Vegas". What a landmark's own names, facts and country say of it is no other name.
 */
export function unexplainedAround(
  mention: Mention,
  message: string,
  folded: string,
  mentions: readonly Mention[],
): string | null {
  const { landmarks } = mention;
  const own = new Set(
    landmarks.flatMap(({ names: all, placeWords }) => [
      ...all.flatMap((name) => foldMessage(name).split(" ")),
      ...placeWords,
    ]),
  );
  const isOwn = (word: string) => own.has(word) || own.has(word.replace(/s$/, ""));
  if (/\p{Script=Han}/u.test(mention.text)) {
    // A country before the name that is not the landmark's.
    const other = countriesIn(message).find(
      ({ code, start, end }) =>
        (end <= mention.start || start >= mention.end) &&
        !landmarks.some(({ countries }) => countries.size === 0 || countries.has(code)),
    );
    if (
      other &&
      mentions.length === 1 &&
      folded.slice(other.end, mention.start).length <= 1 &&
      other.end <= mention.start
    )
      return folded.slice(other.start, mention.end);
    const next = folded.slice(mention.end).trim();
    const extension =
      /^(二期|三期|新|旧|第[一二三四五六七八九十]|大桥|大坝|机场|港|塔|站|公园|隧道|体育场|酒店|博物馆|学校)/u.exec(
        next,
      )?.[1];
    if (
      extension &&
      landmarks.every(({ names: all }) => all.every((name) => !name.includes(extension))) &&
      !mayBeChineseKind(extension, mention)
    )
      return mention.text + extension;
    const before = folded.slice(0, mention.start).trim();
    const prefix = /(新|旧|老|小|下|上|第二|南|北|东|西)$/u.exec(before)?.[1];
    if (prefix && !/(最新|最老|最小|以上|以下)$/u.test(before) && before.length <= 2) return prefix + mention.text;
    return null;
  }
  const after = folded.slice(mention.end).trim().split(" ");
  const before = folded.slice(0, mention.start).trim().split(" ");
  const [next] = after;
  const capitals = new Set(
    [
      ...message
        .normalize("NFKD")
        .replace(/\p{M}/gu, "")
        .matchAll(/(?<![\p{L}\p{N}])\p{Lu}[\p{L}\p{N}]*/gu),
    ].map(([word]) => foldMessage(word)),
  );
  if (
    next &&
    /^(\d{1,2}|ii|iii|iv|two|three)$/.test(next) &&
    !isOwn(next) &&
    !/^(years?|m|metres?|km|mw)$/.test(after[1] ?? "")
  )
    return `${mention.text} ${next}`;
  if (
    next &&
    KIND_WORDS.has(next) &&
    !SMALL.has(next) &&
    !isOwn(next) &&
    next !== "in" &&
    next !== "at" &&
    next !== "on" &&
    !QUESTION_KINDS.has(next)
  ) {
    if (!landmarks.some((landmark) => mayBeCalled(next, landmark))) return `${mention.text} ${next}`;
  }
  if (
    next &&
    capitals.has(next) &&
    !isOwn(next) &&
    !QUESTION_WORDS.has(next) &&
    !KIND_WORDS.has(next) &&
    !mentions.some(({ start }) => start >= mention.end && start - mention.end <= 1)
  )
    return `${mention.text} ${next}`;
  const previous = before.at(-1);
  if (
    previous &&
    /^(new|old|second|third|lower|upper|little|north|south|east|west|northern|southern|eastern|western|former|original|inner|outer)$/.test(
      previous,
    ) &&
    !isOwn(previous)
  ) {
    const isAdjective = /^(new|old|original|former)$/.test(previous) && !capitals.has(previous);
    if (!isAdjective) return `${previous} ${mention.text}`;
  }
  if (
    previous &&
    capitals.has(previous) &&
    before.length > 1 &&
    !isOwn(previous) &&
    !QUESTION_WORDS.has(previous) &&
    !KIND_WORDS.has(previous) &&
    countriesIn(previous).length === 0 &&
    !mentions.some(({ end }) => end <= mention.start && mention.start - end <= 1)
  )
    return `${previous} ${mention.text}`;
  const place = placeAfter(mention, message, folded);
  if (place !== null && mentions.length <= 2) {
    const country = countriesIn(place)[0];
    if (country)
      return landmarks.some(({ countries }) => countries.size === 0 || countries.has(country.code))
        ? null
        : `${mention.text} in ${place}`;
    const other = mentions.find(
      ({ start, text }) => start >= mention.end && text.includes(place.split(" ")[0] as string),
    );
    const isNear = other?.landmarks.some((one) =>
      landmarks.some((landmark) => apartKm(landmark.point, one.point) < NEAR_KM),
    );
    if (other && !isNear && !place.split(" ").some(isOwn)) return `${mention.text} in ${place}`;
  }
  return null;
}

/** A landmark is in a town or beside it within this, in kilometres. */
const NEAR_KM = 150;

/** The proper name of the place in which the message puts a landmark, folded: "las vegas" of "the Eiffel Tower in Las Vegas". */
export function placeAfter(mention: Mention, message: string, folded: string): string | null {
  const after = /^(?:in|near|at) (?:the )?([^ ]+(?: [^ ]+)?(?: [^ ]+)?)/.exec(folded.slice(mention.end).trim());
  if (!after) return null;
  const capitals = new Set(
    [
      ...message
        .normalize("NFKD")
        .replace(/\p{M}/gu, "")
        .matchAll(/(?<![\p{L}\p{N}])\p{Lu}[\p{L}\p{N}]*/gu),
    ].map(([word]) => foldMessage(word)),
  );
  const words = (after[1] as string).split(" ");
  const end = words.findIndex((word) => !capitals.has(word) || QUESTION_WORDS.has(word));
  const proper = end < 0 ? words : words.slice(0, end);
  return proper.length > 0 ? proper.join(" ") : null;
}

/** Kind words that questions use of anything. */
const QUESTION_KINDS = new Set([
  "power",
  "city",
  "town",
  "ground",
  "building",
  "national",
  "complex",
  "water",
  "deep",
  "station",
  "plant",
  "container",
  "terminal",
  "park",
  "square",
  "house",
]);

function mayBeChineseKind(word: string, mention: Mention): boolean {
  const kinds: Readonly<Record<string, readonly string[]>> = {
    大桥: ["bridge"],
    大坝: ["dam"],
    机场: ["airport"],
    港: ["port", "container_yard"],
    塔: ["tower", "skyscraper"],
    站: ["railway_station", "power_plant", "dam"],
    公园: ["park"],
    隧道: ["tunnel"],
    体育场: ["stadium"],
  };
  return mention.landmarks.some(({ concept }) => (kinds[word] ?? []).includes(concept ?? ""));
}

function apartKm(a: readonly [number, number] | null, b: readonly [number, number] | null): number {
  if (!a || !b) return 0;
  const rad = Math.PI / 180;
  const h =
    Math.sin(((b[1] - a[1]) * rad) / 2) ** 2 +
    Math.cos(a[1] * rad) * Math.cos(b[1] * rad) * Math.sin(((b[0] - a[0]) * rad) / 2) ** 2;
  return 12742 * Math.asin(Math.sqrt(h));
}
