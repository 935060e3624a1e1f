import { propertyOf } from "../../knowledge/fact-properties.ts";
import type { KnowledgeQuestion } from "../../query/knowledge/question-schema.ts";
import type { Landmark } from "../../store/ports.ts";
import { CitedText } from "../cited-text.ts";
import type { QuestionAnswer } from "../questions/question.ts";
import { plain, say } from "../words.ts";
import { recorded } from "./choose.ts";
import { factSource, propertyName, recordSource } from "./cite.ts";
import type { LandmarkDesk } from "./desk.ts";
import { passageAnswer } from "./passages.ts";
import { refuseFact } from "./refusals.ts";
import { askedWords, countryAfterIn, factSentence, nameIn, positionWords } from "./wording.ts";

/** What is recorded of what was asked, of each landmark; a refusal where nothing is. */
export function writeFacts(desk: LandmarkDesk, landmarks: readonly Landmark[]): QuestionAnswer {
  const { question, language } = desk;
  const text = new CitedText();
  let missing: KnowledgeQuestion["asks"][number] | null = null;
  let written = 0;
  for (const landmark of mainOnly(desk, landmarks)) {
    for (const ask of question.asks) {
      if (text.text !== "") text.add(say(language, " ", ""));
      if (writeAsk(text, landmark, ask, desk)) written += 1;
      else missing ??= ask;
    }
  }
  const [first] = landmarks as readonly [Landmark];
  if (written === 0) {
    // The words may still be those of a sentence of it.
    const prose = missing && question.rest.length > 0 ? passageAnswer(desk, first) : null;
    return prose ?? refuseFact(desk, first, missing);
  }
  if (missing !== null) {
    text.add(
      say(
        language,
        ` The ${askedWords(missing.topic, language)} is not recorded.`,
        `知识库未记录其${askedWords(missing.topic, language)}。`,
      ),
    );
  }
  return { outcome: "answer", text };
}

/** "The Golden Gate Bridge in San Francisco": a city named beside the thing asked about is where it is. */
function mainOnly({ question }: LandmarkDesk, landmarks: readonly Landmark[]): readonly Landmark[] {
  if (landmarks.length < 2) return landmarks;
  const others = landmarks.filter(({ concept }) => concept !== "city" && concept !== "town");
  const asksPeople = question.asks.some(({ topic }) => topic === "population");
  if (others.length > 0 && others.length < landmarks.length && !asksPeople) return others;
  return landmarks;
}

function writeAsk(
  text: CitedText,
  landmark: Landmark,
  ask: KnowledgeQuestion["asks"][number],
  desk: LandmarkDesk,
): boolean {
  const { language, store, names } = desk;
  const name = nameIn(landmark, language);
  const stop = say(language, ".", "。");
  const country = countryAfterIn(landmark, language);
  const point = names.get(landmark.id)?.point ?? null;
  switch (ask.topic) {
    case "country":
      if (country === "") return false;
      text
        .add(say(language, `${name} is in ${country}`, `${name}位于${country}`), recordSource(landmark, store))
        .add(stop);
      return true;
    case "coordinates":
      if (!point) return false;
      text
        .add(
          say(language, `${name} lies at ${positionWords(point)}`, `${name}位于 ${positionWords(point)}`),
          recordSource(landmark, store),
        )
        .add(stop);
      return true;
    case "location": {
      const places = [
        recorded(landmark, ["city"])?.fact.value,
        recorded(landmark, ["region"])?.fact.value,
        country,
      ].flatMap((place) => (place ? [plain(place)] : []));
      if (places.length === 0 && !point) return false;
      const where = [...new Set(places)].join(say(language, ", ", "、"));
      const at = point ? positionWords(point) : "";
      text.add(
        say(
          language,
          where === "" ? `${name} lies at ${at}` : `${name} is in ${where}${at === "" ? "" : ` (${at})`}`,
          where === "" ? `${name}位于 ${at}` : `${name}位于${where}${at === "" ? "" : `(${at})`}`,
        ),
        recordSource(landmark, store),
      );
      const address = recorded(landmark, ["address"]);
      if (address) text.add(say(language, `, ${plain(address.fact.value)}`, `,${plain(address.fact.value)}`));
      text.add(stop);
      return true;
    }
    default: {
      const found = recorded(landmark, ask.properties);
      if (!found) return writeUnread(text, landmark, ask.properties, desk);
      const source = factSource(landmark, found.fact, found.property, store) ?? recordSource(landmark, store);
      text.add(factSentence(landmark, found.property, found.fact, found.value, language), source).add(stop);
      return true;
    }
  }
}

/** A fact whose value cannot be read as what its property must be, as its source gives it. */
function writeUnread(
  text: CitedText,
  landmark: Landmark,
  properties: readonly string[],
  { language, store }: LandmarkDesk,
): boolean {
  const fact = landmark.facts.find(({ key }) => properties.includes(propertyOf(key)?.property ?? ""));
  const property = fact && propertyOf(fact.key)?.property;
  if (!fact || !property) return false;
  const name = nameIn(landmark, language);
  const word = propertyName(property, language);
  const raw = plain(fact.value);
  text
    .add(
      say(language, `The ${word} of ${name} is given as “${raw}”`, `${name}的${word}记录为“${raw}”`),
      factSource(landmark, fact, property, store) ?? recordSource(landmark, store),
    )
    .add(say(language, ".", "。"));
  return true;
}
