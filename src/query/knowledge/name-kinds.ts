import type { NamedLandmark } from "./landmark-names.ts";

/** Words between those of a name. */
export const SMALL_WORDS = new Set("the of and de la le el al du des da do di in at on".split(" "));
/** Kind words with the concepts that they may be said of. */
export const SAME_KIND: Readonly<Record<string, readonly string[]>> = {
  port: ["port", "container_yard", "harbor"],
  harbor: ["port", "container_yard", "harbor"],
  seaport: ["port"],
  airport: ["airport"],
  airfield: ["airport"],
  bridge: ["bridge"],
  dam: ["dam", "reservoir", "power_plant"],
  power: ["power_plant", "solar_farm", "wind_farm", "dam"],
  plant: ["power_plant", "solar_farm", "dam"],
  station: ["power_plant", "railway_station", "dam", "wind_farm", "solar_farm"],
  hydropower: ["dam", "power_plant"],
  hydro: ["dam", "power_plant"],
  hydroelectric: ["dam", "power_plant"],
  nuclear: ["power_plant"],
  farm: ["wind_farm", "solar_farm"],
  solar: ["solar_farm"],
  wind: ["wind_farm"],
  mountain: ["mountain", "volcano"],
  volcano: ["volcano", "mountain"],
  mount: ["mountain", "volcano"],
  arena: ["stadium"],
  ground: ["stadium"],
  stadium: ["stadium"],
  terminal: ["container_yard", "port", "airport"],
  container: ["container_yard", "port"],
  tower: ["tower", "skyscraper"],
  building: ["skyscraper", "landmark", "building"],
  palace: ["castle", "landmark"],
  fortress: ["castle", "landmark"],
  castle: ["castle"],
  cathedral: ["church"],
  church: ["church"],
  basilica: ["church"],
  monastery: ["church", "temple", "landmark"],
  canal: ["canal"],
  mine: ["mine", "quarry"],
  park: ["park", "solar_farm", "wind_farm"],
  lake: ["lake", "reservoir"],
  reservoir: ["reservoir", "lake", "dam"],
  locks: ["lock", "canal"],
  lock: ["lock"],
  city: ["city", "town"],
  town: ["city", "town", "village"],
  railway: ["railway_station"],
  national: ["park"],
};

/** Whether a kind word may be said of a landmark; words that are no kind may always. */
export function mayBeCalled(word: string, landmark: NamedLandmark): boolean {
  const concepts = SAME_KIND[word];
  return (
    concepts === undefined ||
    landmark.concept === null ||
    landmark.concept === "landmark" ||
    concepts.includes(landmark.concept)
  );
}
