import { CONCEPT_IDS, type ConceptId } from "../../../knowledge/ontology/ids.ts";
import { ATTRIBUTE_NAMES, CONCEPT_NAMES } from "../../../knowledge/ontology/lexicon.ts";
import { plural } from "../../../knowledge/ontology/names.ts";
import type { Random } from "../../demo/random.ts";
import type { PlaceSpec, RelationSpec, Spec } from "./spec.ts";

export type Language = "en" | "zh";

/** Names of a concept that people use most: the first ones of the lexicon. */
const NAMES_USED = 2;

/** The spec in words, one of many ways of saying it. `dates` are those of the imagery. */
export function phrase(spec: Spec, language: Language, dates: readonly [string, string], random: Random): string {
  return language === "en" ? inEnglish(spec, dates, random) : inChinese(spec, dates, random);
}

function inEnglish(spec: Spec, [first]: readonly [string, string], random: Random): string {
  const attribute = spec.attribute ? `${ATTRIBUTE_NAMES[spec.attribute].en[0]} ` : "";
  const name = `${attribute}${plural(nameOf(spec.target, "en", random))}`;
  const size =
    spec.minAreaM2 === null
      ? ""
      : ` ${random.pick(["larger than", "bigger than", "of at least"])} ${spec.minAreaM2 >= 10_000 ? `${spec.minAreaM2 / 10_000} hectares` : `${spec.minAreaM2} square metres`}`;
  const changed = {
    new: [`new ${name}`, `newly built ${name}`, `${name} built since ${first}`, `${name} that appeared since ${first}`],
    gone: [`demolished ${name}`, `${name} that disappeared`, `${name} removed since ${first}`, `vanished ${name}`],
    grown: [`expanded ${name}`, `${name} that have grown`, `${name} that expanded since ${first}`],
  };
  const head = `${spec.change ? random.pick(changed[spec.change]) : name}${size}`;
  const tail = [...spec.relations.map((one) => relationInEnglish(one, random)), ...placeInEnglish(spec.place, random)];
  const asked = [head, tail.join(" and ")].filter(Boolean).join(" ");
  return random.pick([
    `find ${asked}`,
    `show me ${asked}`,
    `${asked}`,
    `where are the ${asked}?`,
    `please look for ${asked}`,
    `I want to see ${asked}`,
  ]);
}

function relationInEnglish({ kind, anchor, distanceM, count }: RelationSpec, random: Random): string {
  const name = nameOf(anchor, "en", random);
  const thing = count > 1 ? `at least ${count} ${plural(name)}` : `${/^[aeiou]/.test(name) ? "an" : "a"} ${name}`;
  switch (kind) {
    case "near":
      return random.pick([
        `within ${distanceM} m of ${thing}`,
        `within ${distanceM} metres of ${thing}`,
        `no more than ${distanceM} m from ${thing}`,
        `less than ${distanceM} m from ${thing}`,
      ]);
    case "far":
      return random.pick([
        `more than ${distanceM} m from any ${name}`,
        `at least ${distanceM} metres away from any ${name}`,
        `without any ${name} within ${distanceM} m`,
      ]);
    case "inside":
      return random.pick([`inside ${thing}`, `in ${thing}`, `within ${thing}`]);
  }
}

function placeInEnglish(place: PlaceSpec | null, random: Random): string[] {
  if (!place) return [];
  if (place.kind === "view") return [random.pick(["in this view", "in the current view", "in the map view"])];
  if (place.kind === "drawn") return [random.pick(["in the drawn area", "inside the area I drew"])];
  const { name, distanceM, relation } = place;
  switch (relation) {
    case "inside":
      return [random.pick([`in ${name}`, `inside ${name}`])];
    case "near":
      return [random.pick([`within ${distanceM} m of ${name}`, `no more than ${distanceM} metres from ${name}`])];
    default:
      return [`${relation.replace("_of", " of")} ${name}`];
  }
}

function inChinese(spec: Spec, [first]: readonly [string, string], random: Random): string {
  const attribute = spec.attribute ? `${ATTRIBUTE_NAMES[spec.attribute].zh[0]}` : "";
  const name = `${attribute}${attribute && !attribute.endsWith("的") ? "的" : ""}${nameOf(spec.target, "zh", random)}`;
  const [year, month, day] = first.split("-").map(Number);
  const since = `${year}年${month}月${day}日`;
  const size =
    spec.minAreaM2 === null
      ? ""
      : `面积大于${spec.minAreaM2 >= 10_000 ? `${spec.minAreaM2 / 10_000}公顷` : `${spec.minAreaM2}平方米`}的`;
  const changed = {
    new: [`新建的`, `新出现的`, `${since}以来新建的`],
    gone: [`已拆除的`, `消失的`, `${since}以来消失的`],
    grown: [`扩大的`, `扩建的`, `${since}以来扩大的`],
  };
  const change = spec.change ? random.pick(changed[spec.change]) : "";
  const parts = [...placeInChinese(spec.place, random), ...spec.relations.map((one) => relationInChinese(one, random))];
  const before = parts.map((part) => `${part}的`).join("、");
  const asked = `${before}${change}${size}${name}`;
  return random.pick([`查找${asked}`, `找出${asked}`, `${asked}在哪里？`, `请显示${asked}`, `帮我找${asked}`, asked]);
}

function relationInChinese({ kind, anchor, distanceM, count }: RelationSpec, random: Random): string {
  const name = nameOf(anchor, "zh", random);
  const thing = count > 1 ? `至少${count}个${name}` : name;
  switch (kind) {
    case "near":
      return random.pick([
        `距${thing}${distanceM}米以内`,
        `离${thing}不超过${distanceM}米`,
        `${thing}${distanceM}米范围内`,
      ]);
    case "far":
      return random.pick([`距${name}${distanceM}米以外`, `离${name}超过${distanceM}米`]);
    case "inside":
      return random.pick([`在${thing}内`, `位于${thing}里面`]);
  }
}

function placeInChinese(place: PlaceSpec | null, random: Random): string[] {
  if (!place) return [];
  if (place.kind === "view") return [random.pick(["当前视图内", "当前地图范围内"])];
  if (place.kind === "drawn") return [random.pick(["框选区域内", "我画的区域内"])];
  const { name, distanceM, relation } = place;
  switch (relation) {
    case "inside":
      return [`在${name}内`];
    case "near":
      return [random.pick([`距${name}${distanceM}米以内`, `离${name}不超过${distanceM}米`])];
    default:
      return [`在${name}以${{ north_of: "北", south_of: "南", east_of: "东", west_of: "西" }[relation]}`];
  }
}

function nameOf(concept: ConceptId, language: Language, random: Random): string {
  const names = CONCEPT_NAMES[concept][language].filter((name) => !isOfAnother(name, concept));
  return random.pick(names.slice(0, NAMES_USED));
}

/** "houses" are a residential area, though a house is a building: such a name says something else than is meant. */
function isOfAnother(name: string, concept: ConceptId): boolean {
  return CONCEPT_IDS.some((other) => other !== concept && CONCEPT_NAMES[other].en.includes(plural(name)));
}
