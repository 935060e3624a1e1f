import { isConceptId } from "../../../knowledge/ontology/ids.ts";
import { countryPhrase } from "../../knowledge/countries.ts";
import type { FactProperty } from "../../knowledge/fact-properties.ts";
import { compareValues } from "../../knowledge/fact-value.ts";
import { isOfConcept } from "../../query/knowledge/kinds-asked.ts";
import { holdsValue, type NamedLandmark } from "../../query/knowledge/landmark-names.ts";
import { kilometresApart } from "../../retrieval/knowledge/retrieve.ts";
import type { Landmark } from "../../store/ports.ts";
import { CitedText } from "../cited-text.ts";
import { conceptName } from "../names.ts";
import type { QuestionAnswer } from "../questions/question.ts";
import { list, plain, say } from "../words.ts";
import { type Recorded, recorded } from "./choose.ts";
import { factSource, propertyName, recordSource } from "./cite.ts";
import type { LandmarkDesk } from "./desk.ts";
import { countryWords, nameIn, valueWords } from "./wording.ts";

/** Landmarks that a list shows; the rest are counted. */
const SHOWN = 10;
/** "In a city" reaches this far, in kilometres. */
const CITY_KM = 40;
const TIMES: ReadonlySet<string> = new Set(["opened", "completed", "built", "founded"]);

/** "The tallest dam in China": of all of the kind that the knowledge gives the fact of, the one with the most or least. */
export function writeSuperlative(desk: LandmarkDesk): QuestionAnswer {
  const all = ofKind(desk).flatMap(({ id }) => desk.store.landmark(id) ?? []);
  return writeMostOf(desk, all, kindPhrase(desk, all.length));
}

/** "Which of these is oldest?": of the landmarks that the conversation was about. */
export function writeMostOfNamed(desk: LandmarkDesk): QuestionAnswer {
  const { question, language, store } = desk;
  const all = question.named.flatMap(({ landmarks }) => store.landmark(landmarks[0] ?? "") ?? []);
  return writeMostOf(desk, all, say(language, "landmarks spoken of", "刚才提到的地标"));
}

function writeMostOf(desk: LandmarkDesk, all: readonly Landmark[], kind: string): QuestionAnswer {
  const { question, language, store } = desk;
  const { degree } = question;
  if (!degree || all.length === 0) return refuseKind(desk, kind);
  const groups = degree.properties.some((property) => TIMES.has(property))
    ? [degree.properties]
    : degree.properties.map((property) => [property]);
  const tables = groups.map((properties) =>
    all.flatMap((landmark) => {
      const found = recorded(landmark, properties);
      return found && found.value.kind !== "text" ? [{ landmark, ...found }] : [];
    }),
  );
  // The property that most are known by; of equals, the first.
  const rows = tables.reduce(
    (most, one) => (one.length > most.length ? one : most),
    [] as (Recorded & { readonly landmark: Landmark })[],
  );
  const [sample] = rows;
  if (!sample) return refuseKind(desk, kind, degree.properties[0]);
  const comparable = rows.filter(({ value }) => compareValues(value, sample.value) !== null);
  const sorted = [...comparable].sort(
    (a, b) => (compareValues(a.value, b.value) as number) * (degree.direction === "most" ? -1 : 1),
  );
  const first = sorted[0] as (typeof rows)[number];
  const tied = sorted.filter(({ value }) => compareValues(value, first.value) === 0);
  const word = propertyName(first.property, language);
  const text = new CitedText();
  const scope =
    comparable.length === 1
      ? say(
          language,
          `Only one of the ${kind} here has its ${TIMES.has(first.property) ? "date" : word} recorded: `,
          `${kind}中只有一个有${TIMES.has(first.property) ? "年代" : word}记录:`,
        )
      : say(
          language,
          `Of the ${comparable.length} ${kind} here whose ${TIMES.has(first.property) ? "date" : word} is recorded, `,
          `在有记录的 ${comparable.length} 个${kind}中,`,
        );
  const end = TIMES.has(first.property)
    ? say(language, degree.direction === "most" ? "newest" : "oldest", degree.direction === "most" ? "最新" : "最早")
    : say(
        language,
        degree.direction === "most" ? `first by ${word}` : `last by ${word}`,
        degree.direction === "most" ? `${word}最大` : `${word}最小`,
      );
  text.add(scope);
  for (const [i, row] of tied.slice(0, 3).entries()) {
    if (i > 0) text.add(say(language, " and ", "和"));
    const country = countryWords(row.landmark, language);
    text.add(
      say(
        language,
        `${nameIn(row.landmark, language)}${country === "" ? "" : ` (${country})`}, ${valueWords(row.fact, row.value, language)}`,
        `${nameIn(row.landmark, language)}${country === "" ? "" : `(${country})`},${valueWords(row.fact, row.value, language)}`,
      ),
      factSource(row.landmark, row.fact, row.property, store) ?? recordSource(row.landmark, store),
    );
  }
  if (comparable.length === 1) return { outcome: "answer", text: text.add(say(language, ".", "。")) };
  text.add(say(language, tied.length > 1 ? `, are ${end} alike.` : `, is ${end}.`, `,${end}。`));
  return { outcome: "answer", text };
}

/** Lists and counts of a kind in a country, by a name in their facts, or within a radius of a place. */
export function writeListed(desk: LandmarkDesk): QuestionAnswer {
  const { question, language, store, names } = desk;
  const anchor = question.form === "nearby" ? anchorOf(desk) : null;
  if (question.form === "nearby" && !anchor) {
    return {
      outcome: "cannot_decide",
      text: new CitedText().add(
        say(
          language,
          "I cannot tell where to look around; name a place or a result.",
          "无法确定以何处为中心;请指明地点或结果。",
        ),
      ),
    };
  }
  const found = anchor
    ? names.all
        .filter(
          (one) =>
            one.id !== anchor.id && one.point && (question.concept === null || isOfConcept(one, question.concept)),
        )
        .map((one) => ({ one, km: kilometresApart(anchor.point, one.point as [number, number]) }))
        .filter(({ km }) => km * 1000 <= (question.radiusM ?? 0))
        .sort((a, b) => a.km - b.km || (a.one.id < b.one.id ? -1 : 1))
    : ofKind(desk)
        .map((one) => ({ one, km: null }))
        .sort((a, b) => b.one.importance - a.one.importance || (a.one.id < b.one.id ? -1 : 1));
  const kind = kindPhrase(desk, found.length);
  if (found.length === 0) {
    if (!anchor) return refuseKind(desk, kind);
    return {
      outcome: "answer",
      text: new CitedText().add(
        say(
          language,
          `The knowledge of this workspace places no ${kind} within ${radiusWords(question.radiusM, language)} of ${anchor.name}.`,
          `在${anchor.name}${radiusWords(question.radiusM, language)}范围内没有已知的${kind}。`,
        ),
      ),
    };
  }
  const text = new CitedText();
  text.add(
    say(
      language,
      `This knowledge holds ${found.length} ${kind}${anchor ? ` within ${radiusWords(question.radiusM, language)} of ${anchor.name}` : ""}: `,
      `知识库中${anchor ? `${anchor.name}${radiusWords(question.radiusM, language)}范围内` : ""}有 ${found.length} 个${kind}:`,
    ),
  );
  for (const [i, { one, km }] of found.slice(0, SHOWN).entries()) {
    const landmark = store.landmark(one.id);
    if (!landmark) continue;
    const far = km === null ? "" : say(language, ` (${km.toFixed(1)} km)`, `(${km.toFixed(1)} 公里)`);
    text
      .add(i === 0 ? "" : say(language, "; ", ";"))
      .add(`${nameIn(landmark, language)}${far}`, recordSource(landmark, store));
  }
  const more = found.length - SHOWN;
  text.add(more > 0 ? say(language, `; and ${more} more.`, `;另有 ${more} 个。`) : say(language, ".", "。"));
  return { outcome: "answer", text };
}

/** Landmarks of the kind, in the countries and cities named, and with the name asked for in their facts. */
function ofKind({ question, names }: LandmarkDesk): readonly NamedLandmark[] {
  const cities = question.named.flatMap(({ landmarks }) => landmarks.slice(0, 3).flatMap((id) => names.get(id) ?? []));
  return names.all.filter(
    (one) =>
      (question.concept === null || isOfConcept(one, question.concept)) &&
      (question.countries.length === 0 || question.countries.some((code) => one.countries.has(code))) &&
      (question.value === null || holdsValue(one, question.value)) &&
      (cities.length === 0 ||
        cities.some(
          (city) => one.id !== city.id && city.point && one.point && kilometresApart(city.point, one.point) <= CITY_KM,
        )),
  );
}

interface Anchor {
  readonly id: string | null;
  readonly name: string;
  readonly point: readonly [number, number];
}

function anchorOf({ question, names, focus, language, store }: LandmarkDesk): Anchor | null {
  const named = question.named[0]?.landmarks.flatMap((id) => names.get(id) ?? []).find(({ point }) => point !== null);
  const landmark = named ? store.landmark(named.id) : null;
  if (named?.point && landmark) return { id: named.id, name: nameIn(landmark, language), point: named.point };
  return focus ? { id: null, name: say(language, "here", "此处"), point: focus } : null;
}

/** "dams in China", "bridges with “Santiago Calatrava” in their facts". */
function kindPhrase({ question, language }: LandmarkDesk, count: number): string {
  const { concept, countries, value } = question;
  const kind =
    concept !== null && concept !== "landmark" && isConceptId(concept)
      ? conceptName(concept, language, count === 1 ? "one" : "many")
      : say(language, count === 1 ? "landmark" : "landmarks", "地标");
  const where =
    countries.length > 0
      ? list(
          countries.map((code) => countryPhrase(code, language)),
          language,
        )
      : "";
  const what = value === null ? "" : plain(value);
  return say(
    language,
    `${kind}${where === "" ? "" : ` in ${where}`}${what === "" ? "" : ` with “${what}” in their facts`}`,
    `${where}${what === "" ? "" : `与“${what}”有关的`}${kind}`,
  );
}

function radiusWords(radiusM: number | null, language: "en" | "zh"): string {
  const km = (radiusM ?? 0) / 1000;
  return km < 1
    ? `${Math.round(km * 1000)} ${say(language, "m", "米")}`
    : `${Number(km.toFixed(2))} ${say(language, "km", "公里")}`;
}

function refuseKind({ language }: LandmarkDesk, kind: string, property?: FactProperty): QuestionAnswer {
  const what = property ? propertyName(property, language) : "";
  return {
    outcome: "not_covered",
    text: new CitedText().add(
      property
        ? say(
            language,
            `The knowledge of this workspace gives the ${what} of no ${kind}.`,
            `该工作区的知识库没有${kind}的${what}数据。`,
          )
        : say(language, `The knowledge of this workspace holds no ${kind}.`, `该工作区的知识库中没有${kind}。`),
    ),
  };
}
