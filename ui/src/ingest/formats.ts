import type { Language } from "../words.ts";

const locale = (language: Language) => (language === "zh" ? "zh-CN" : "en-GB");

export function count(value: number, language: Language): string {
  return value.toLocaleString(locale(language));
}

/** A size in bytes, in the unit that suits it. */
export function bytes(value: number, language: Language): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, value < 1 ? 0 : Math.floor(Math.log10(value) / 3));
  const digits = power === 0 ? 0 : 1;
  return `${(value / 1000 ** power).toLocaleString(locale(language), { maximumFractionDigits: digits })} ${units[power]}`;
}

/** A time span in seconds: "8 s", "2 min 5 s", "1 h 20 min". */
export function duration(seconds: number, language: Language): string {
  const whole = Math.max(0, Math.round(seconds));
  const [h, m, s] = language === "zh" ? [" 小时", " 分", " 秒"] : [" h", " min", " s"];
  if (whole < 60) return `${whole}${s}`;
  if (whole < 600 && whole % 60 > 0) return `${Math.floor(whole / 60)}${m} ${whole % 60}${s}`;
  if (whole < 3600) return `${Math.round(whole / 60)}${m}`;
  return `${Math.floor(whole / 3600)}${h} ${Math.round((whole % 3600) / 60)}${m}`;
}

/** What is left of a time span. */
export function remaining(seconds: number, language: Language): string {
  return language === "zh" ? `剩余 ${duration(seconds, language)}` : `${duration(seconds, language)} left`;
}

/** A time span in milliseconds; one that is hardly any is not told to the digit. */
export function elapsed(milliseconds: number, language: Language): string {
  return `${milliseconds < 1000 ? "<" : ""}${duration(Math.max(1, milliseconds / 1000), language)}`;
}

/** Ground in square metres: hectares below a square kilometre. */
export function ground(areaM2: number, language: Language): string {
  const [value, unit] = areaM2 < 1e6 ? [areaM2 / 1e4, language === "zh" ? "公顷" : "ha"] : [areaM2 / 1e6, "km²"];
  return `${value.toLocaleString(locale(language), { maximumSignificantDigits: 3 })} ${unit}`;
}

/** Metres a pixel, of one image or from the finest to the coarsest. */
export function resolution([finest, coarsest]: readonly [number, number]): string {
  const metres = (value: number) => (value < 10 ? value.toFixed(2) : String(Math.round(value)));
  return finest === coarsest ? `${metres(finest)} m` : `${metres(finest)}–${metres(coarsest)} m`;
}

/** What is worked through in a second. */
export function pace(
  { perSecond, unit }: { readonly perSecond: number; readonly unit: "px" | "tiles" | "features" },
  language: Language,
): string {
  const [value, name] =
    unit === "px"
      ? [perSecond / 1e6, language === "zh" ? "百万像素/秒" : "Mpx/s"]
      : [
          perSecond,
          { tiles: { en: "tiles/s", zh: "瓦片/秒" }, features: { en: "features/s", zh: "要素/秒" } }[unit][language],
        ];
  return `${value.toLocaleString(locale(language), { maximumSignificantDigits: 3 })} ${name}`;
}

export function moment(iso: string, language: Language): string {
  return new Intl.DateTimeFormat(locale(language), { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso));
}
