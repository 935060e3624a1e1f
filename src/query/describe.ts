import { attributeName, conceptName, plural, predicateWords } from "../../knowledge/ontology/names.ts";
import type { GeoConstraint, Noun, Quantity, Query, Relation, Sort } from "./schema.ts";

type Language = "en" | "zh";

/** A Query in words, as a person would ask it; the parser reads the words back to an equal query. */
export function describeQuery(query: Query, language: Language): string {
  return language === "zh" ? chinese(query) : english(query);
}

function english(query: Query): string {
  const { target, time, sort, limit } = query;
  const isDistanceSort = sort?.by === "distance" && sort.anchor;
  const isOne = limit === 1 && sort !== undefined && !isDistanceSort;
  const words = [
    limit !== undefined && !isOne ? `top ${limit}` : null,
    sort && !isDistanceSort ? superlative(sort) : null,
    time ? timeAdjective(time.kind) : null,
    target.count ? quantity(target.count) : null,
    ...target.attributes.map((attribute) => attributeName(attribute, "en")),
    conceptName(target.concept, "en", isOne ? "one" : "many"),
    target.areaM2 ? sizeWords(target.areaM2) : null,
    ...query.relations.map((relation) => relationWords(relation)),
    ...query.geo.map(geoWords),
    time ? timeRange(time.from, time.to, time.kind) : null,
    ...query.exclude.map((exclusion) => ("region" in exclusion ? null : `except in ${nounWords(exclusion)}`)),
    isDistanceSort && sort.anchor
      ? `${sort.order === "ascending" ? "closest to" : "farthest from"} ${nounWords(sort.anchor)}`
      : null,
  ];
  return words.filter(Boolean).join(" ");
}

function superlative({ by, order }: Sort): string | null {
  const down = order === "descending";
  switch (by) {
    case "area":
      return down ? "largest" : "smallest";
    case "date":
      return down ? "newest" : "oldest";
    default:
      return null;
  }
}

function timeAdjective(kind: NonNullable<Query["time"]>["kind"]): string | null {
  return { new: "new", gone: "demolished", grown: "expanded", shrunk: "shrunken", changed: "changed", as_of: null }[
    kind
  ];
}

function timeRange(from: string | undefined, to: string | undefined, kind: string): string | null {
  if (kind === "as_of") return to ? `as of ${to}` : null;
  if (from && to) return `between ${from} and ${to}`;
  if (from) return `since ${from}`;
  return to ? `before ${to}` : null;
}

function quantity({ op, value }: Quantity): string {
  return `${{ ">=": "at least", "<=": "at most", "=": "exactly", ">": "more than", "<": "fewer than" }[op]} ${value}`;
}

function sizeWords({ op, value }: Quantity): string {
  const words = { ">=": "of at least", "<=": "of at most", "=": "of", ">": "larger than", "<": "smaller than" }[op];
  return value >= 10_000 && value % 100 === 0 ? `${words} ${value / 10_000} ha` : `${words} ${value} m2`;
}

/** "a dense residential area", "at least 3 storage tanks that are near a river". */
function nounWords(noun: Noun): string {
  const attributes = noun.attributes.map((attribute) => attributeName(attribute, "en"));
  const singular = [...attributes, conceptName(noun.concept, "en")].join(" ");
  const isMass = plural(conceptName(noun.concept, "en")) === conceptName(noun.concept, "en");
  const head = noun.count
    ? `${quantity(noun.count)} ${[...attributes, conceptName(noun.concept, "en", "many")].join(" ")}`
    : isMass
      ? singular
      : `${/^[aeiou]/i.test(singular) ? "an" : "a"} ${singular}`;
  const size = noun.areaM2 ? ` ${sizeWords(noun.areaM2)}` : "";
  const own = noun.relations.map((relation) => `that is ${relationWords(relation)}`).join(" and ");
  return `${head}${size}${own ? ` ${own}` : ""}`;
}

function relationWords(relation: Relation): string {
  const { predicate, negated, distanceM, anchors } = relation;
  const anchor = anchors.map(nounWords).join(" and ");
  const not = negated ? "not " : "";
  if (distanceM) {
    const metres = `${distanceM.value.toLocaleString("en-US", { maximumFractionDigits: 2, useGrouping: false })} m`;
    if (predicate === "near")
      return distanceM.op === "<=" ? `${not}within ${metres} of ${anchor}` : `${not}more than ${metres} from ${anchor}`;
    if (predicate === "far_from") return `${not}more than ${metres} from ${anchor}`;
    return `${not}${predicateWords(predicate, "en", anchor)} within ${metres}`;
  }
  return `${not}${predicateWords(predicate, "en", anchor)}`;
}

function geoWords(constraint: GeoConstraint): string {
  const { kind, name, relation = "inside", distanceM } = constraint;
  const place =
    kind === "viewport"
      ? "this view"
      : kind === "polygon"
        ? "the drawn area"
        : kind === "bbox"
          ? "the given box"
          : (name ?? "town");
  if (kind === "edge_of") return `on the edge of ${place}`;
  switch (relation) {
    case "near":
      return distanceM === undefined ? `near ${place}` : `within ${distanceM} m of ${place}`;
    case "far_from":
      return distanceM === undefined ? `far from ${place}` : `more than ${distanceM} m from ${place}`;
    case "outside":
      return `outside ${place}`;
    case "inside":
      return `in ${place}`;
    default:
      return `${relation.replace("_", " ")} ${place}`;
  }
}

function chinese(query: Query): string {
  const { target, time, sort, limit } = query;
  const isDistanceSort = sort?.by === "distance" && sort.anchor;
  const modifiers = [
    ...query.geo.map(geoChinese),
    ...query.relations.map(relationChinese),
    target.areaM2 ? sizeChinese(target.areaM2) : null,
    time ? timeChinese(time) : null,
    ...target.attributes.map((attribute) => attributeName(attribute, "zh")),
    ...query.exclude.map((exclusion) => ("region" in exclusion ? null : `不在${nounChinese(exclusion)}内`)),
    isDistanceSort && sort.anchor
      ? `离${nounChinese(sort.anchor)}${sort.order === "ascending" ? "最近" : "最远"}`
      : null,
    sort?.by === "area" ? (sort.order === "descending" ? "最大" : "最小") : null,
    sort?.by === "date" ? (sort.order === "descending" ? "最新" : "最旧") : null,
  ].filter(Boolean);
  const count = target.count ? `${quantityChinese(target.count)}个` : "";
  const head = `${count}${conceptName(target.concept, "zh")}`;
  const body = modifiers.length > 0 ? `${modifiers.join("的")}的${head}` : head;
  return limit === undefined ? body : `前${limit}个${body}`;
}

function quantityChinese({ op, value }: Quantity): string {
  return { ">=": "至少", "<=": "至多", "=": "恰好", ">": "多于", "<": "少于" }[op] + value;
}

function sizeChinese({ op, value }: Quantity): string {
  const words = { ">=": "面积至少", "<=": "面积至多", "=": "面积", ">": "面积大于", "<": "面积小于" }[op];
  return value >= 10_000 && value % 100 === 0 ? `${words}${value / 10_000}公顷` : `${words}${value}平方米`;
}

function timeChinese({ kind, from, to }: NonNullable<Query["time"]>): string {
  const range = from && to ? `${from}至${to}` : from ? `${from}以来` : to ? `${to}之前` : "";
  const word = { new: "新建", gone: "消失", grown: "扩大", shrunk: "缩小", changed: "变化", as_of: "存在" }[kind];
  return kind === "as_of" ? `截至${to ?? ""}` : `${range}${word}`;
}

function nounChinese(noun: Noun): string {
  const own = noun.relations.map((relation) => `${relationChinese(relation)}的`).join("");
  const count = noun.count ? `${quantityChinese(noun.count)}个` : "";
  const size = noun.areaM2 ? `${sizeChinese(noun.areaM2)}的` : "";
  const attributes = noun.attributes.map((attribute) => `${attributeName(attribute, "zh")}`).join("");
  return `${own}${size}${count}${attributes}${attributes ? "的" : ""}${conceptName(noun.concept, "zh")}`;
}

function relationChinese(relation: Relation): string {
  const { predicate, negated, distanceM, anchors } = relation;
  const anchor = anchors.map(nounChinese).join("和");
  const not = negated ? "不" : "";
  if (distanceM) {
    const side = distanceM.op === ">=" || predicate === "far_from" ? "以外" : "以内";
    if (predicate === "near" || predicate === "far_from") return `${not}在${anchor}${distanceM.value}米${side}`;
    return `${not}${predicateWords(predicate, "zh", anchor)}${distanceM.value}米${side}`;
  }
  return `${not}${predicateWords(predicate, "zh", anchor)}`;
}

function geoChinese(constraint: GeoConstraint): string {
  const { kind, name, relation = "inside", distanceM } = constraint;
  const place =
    kind === "viewport"
      ? "当前视图"
      : kind === "polygon"
        ? "绘制区域"
        : kind === "bbox"
          ? "给定范围"
          : (name ?? "城镇");
  if (kind === "edge_of") return `在${place}边缘`;
  const words: Readonly<Record<string, string>> = {
    near: distanceM === undefined ? `在${place}附近` : `在${place}${distanceM}米以内`,
    far_from: distanceM === undefined ? `远离${place}` : `在${place}${distanceM}米以外`,
    outside: `在${place}以外`,
    inside: `在${place}内`,
    north_of: `在${place}以北`,
    south_of: `在${place}以南`,
    east_of: `在${place}以东`,
    west_of: `在${place}以西`,
  };
  return words[relation] ?? `在${place}内`;
}
