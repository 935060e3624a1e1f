import { attributeName, conceptName, predicateWords } from "../../knowledge/ontology/names.ts";
import type { GeoConstraint, Noun, Quantity, Query, Relation, Sort } from "./schema.ts";

const CHANGES = { new: "新建", gone: "消失", grown: "扩大", shrunk: "缩小", changed: "变化" } as const;

/** A Query in Chinese: 靠近河流、面积至少2公顷的最大的3个采石场. */
export function describeChinese(query: Query): string {
  const { target, time, sort, limit } = query;
  const order = sort && limit !== undefined ? superlative(sort) : null;
  const modifiers = [
    ...query.geo.map(geoWords),
    ...query.exclude.flatMap((exclusion) => ("region" in exclusion ? [] : [`不包括${nounWords(exclusion)}`])),
    ...query.relations.map(relationWords),
    ...(target.areaM2 ? [sizeWords(target.areaM2)] : []),
    ...(time ? [timeWords(time)] : []),
  ];
  const head = [
    limit !== undefined && !order ? `前${limit}个` : "",
    modifiers.length > 0 ? `${modifiers.join("、")}的` : "",
    order ? `${order}的${limit}个` : "",
    target.count ? `${quantityWords(target.count)}个` : "",
    attributesOf(target.attributes),
    conceptName(target.concept, "zh"),
  ].join("");
  return sort && !order ? `${head}，${sortWords(sort)}` : head;
}

function superlative({ by, order, anchor }: Sort): string | null {
  const down = order === "descending";
  if (by === "distance" && anchor) return `离${nounWords(anchor)}${down ? "最远" : "最近"}`;
  if (by === "area") return down ? "最大" : "最小";
  return by === "date" ? (down ? "最新" : "最旧") : null;
}

function sortWords({ by, order, anchor }: Sort): string {
  const down = order === "descending";
  if (by === "distance") {
    const to = anchor ? `离${nounWords(anchor)}的` : "";
    return `按${to}距离${down ? "从远到近" : "从近到远"}排序`;
  }
  const key = { area: "面积", date: "时间", probability: "概率", count: "数量" }[by];
  return `按${key}${down ? "降序" : "升序"}排序`;
}

function attributesOf(attributes: Noun["attributes"]): string {
  const names = attributes.map((attribute) => attributeName(attribute, "zh"));
  // 长满 would be another word than 长 and 满.
  return names.length > 0 ? `${names.join(names.some((name) => name.length === 1) ? "的" : "")}的` : "";
}

function quantityWords({ op, value }: Quantity): string {
  return { ">=": "至少", "<=": "至多", "=": "恰好", ">": "多于", "<": "少于" }[op] + value;
}

function sizeWords({ op, value }: Quantity): string {
  const words = { ">=": "面积至少", "<=": "面积至多", "=": "面积等于", ">": "面积大于", "<": "面积小于" }[op];
  return value >= 10_000 && value % 100 === 0 ? `${words}${value / 10_000}公顷` : `${words}${value}平方米`;
}

function timeWords({ kind, from, to }: NonNullable<Query["time"]>): string {
  if (kind === "as_of") return `截至${to ?? ""}`;
  const range = from && to ? `${from}至${to}` : from ? `${from}以来` : to ? `截至${to}` : "";
  return `${range}${CHANGES[kind]}`;
}

/** 面积大于2公顷的至少3个大型的工厂（靠近河流、在公园内）. */
function nounWords(noun: Noun): string {
  const size = noun.areaM2 ? `${sizeWords(noun.areaM2)}的` : "";
  const count = noun.count ? `${quantityWords(noun.count)}个` : "";
  const own = noun.relations.length > 0 ? `（${noun.relations.map(relationWords).join("、")}）` : "";
  return `${size}${count}${attributesOf(noun.attributes)}${conceptName(noun.concept, "zh")}${own}`;
}

function relationWords({ predicate, negated, distanceM, anchors }: Relation): string {
  const anchor = anchors.map(nounWords).join("和");
  const not = negated ? "不" : "";
  if (!distanceM) return `${not}${predicateWords(predicate, "zh", anchor)}`;
  const metres = `${distanceM.value}米`;
  const side = distanceM.op === ">=" || predicate === "far_from" ? "以外" : "以内";
  if (predicate === "near" || predicate === "far_from")
    return negated ? `不在${anchor}${metres}${side}` : `距${anchor}${metres}${side}`;
  return `${not}${predicateWords(predicate, "zh", anchor)}${metres}${side}`;
}

function geoWords({ kind, name, relation = "inside", distanceM }: GeoConstraint): string {
  const place =
    { viewport: "当前视图", polygon: "绘制区域", bbox: "给定范围", place: name, edge_of: name }[kind] ?? "城镇";
  if (kind === "edge_of") return `在${place}边缘`;
  switch (relation) {
    case "near":
      return distanceM === undefined ? `在${place}附近` : `在${place}${distanceM}米以内`;
    case "far_from":
      return distanceM === undefined ? `远离${place}` : `在${place}${distanceM}米以外`;
    case "outside":
      return `在${place}以外`;
    case "inside":
      return `在${place}内`;
    default:
      return `在${place}以${{ north_of: "北", south_of: "南", east_of: "东", west_of: "西" }[relation]}`;
  }
}
