import { words } from "../reader.ts";

/** Words that a question is wrapped in; they carry nothing for the Query. */
export const FILLER = words(
  "a an the some any all of please kindly could can would will you i me my we us our to show find list get give search look looking for want need like love locate identify detect display see view tell let where what which who is are am be been being was were do does did done there here's it its it's i'm i'd i'll we'd these this that those they them their have has had having whose every each one ones thing things place places area areas site sites location locations spot spots region regions zone zones map image imagery mosaic picture scene scenes just only also too then so but and or with located situated lying lies lie found standing stands stand sitting sits sit ok okay hi hello hey thanks thank how about instead make made results result again more still help let's s t re m ve d ll if possible possibly in quickly currently existing exist exists present such as seen visible up go goes must should shall might may keep rather at on by facilities facility points point out pick spot indicate highlight mark return fetch retrieve bring pull scan check check whether know wondering wonder interested hoping trying actually really basically maybe perhaps well hmm um uh oh yes yeah sure nice good great right now today number anything something everything got both either neither itself themselves he she his her into onto off well-known particular specific certain kind kinds type types sort complete whole entire full-screen built-up individual increase reduce decrease extend change distance distances set tighten loosen down mean meant same fine leave use whats wheres hows similar switch parked moored anchored docked berthed arranged sailing growing-in standing-by erected-on many lots plenty few much numerous countless various different respective happen happens appear seem seems looks appreciate grateful examples example instances instance candidates candidate possible potential likely suitable ideal given based satellite aerial photo photos footage data dataset layer layers mapped shown pictured question wants wanted requested request cheers ta pls plz thx having whereabouts everywhere throughout there's where's what's that's who's that're i've we're they're structure structures complexes complex set sets group groups cluster clusters footprint footprints extent extents stretch stretches patch patches plot plots parcel parcels piece pieces strip strips tract tracts section sections parts part bit bits",
);

/** Nouns that stand for "something that …": "places with at least three tanks". */
export const GENERIC = words(
  "place places area areas site sites location locations spot spots region regions zone zones anywhere somewhere everything anything facilities land",
);

/** Words that speak of what was found before. */
export const BACKWARD = words("those these them ones only just results they it");

export const DETERMINERS = words(
  "a an the any some all of our its their other another each every both either this that these those what which actual existing local",
);

/** Generic nouns that may follow a concept and belong to it: "a residential area", "port facilities". */
export const SUFFIXES = words(
  "area areas site sites facility facilities zone zones complex complexes estate estates district districts region regions grounds ground premises plot plots",
);

export const COPULAS_ONE = words(
  "is isn't has hasn't was wasn't lies sits stands doesn't does contains crosses borders adjoins includes overlooks faces runs itself",
);
export const COPULAS_MANY = words(
  "are aren't have haven't were weren't lie sit stand don't do contain cross border adjoin include overlook face run themselves",
);
/** Verbs between a noun and what is said of it. */
export const COPULAS = words(
  "is are was were has have lies lie sits sit stands stand itself themselves be been being located situated positioned placed found set",
);
export const NEGATIONS = words(
  "not never n't neither nor isn't aren't wasn't weren't don't doesn't didn't cannot can't",
);
export const AFTER_NEGATION = words(
  "too located situated lying anywhere positioned standing sitting placed be any lie found right directly immediately very",
);
