import { type EvidenceUnit, nameOf, UnitBuilder } from "../src/answer/verify/evidence.ts";
import { MeasurementSchema } from "../src/logic/proof.ts";

/** Coordinates are not for sentences. */
const UNSAID = new Set(["geometry", "bbox", "box", "coordinates", "score", "parts"]);

/** The numbers, dates and names of a tool's result, as evidence for what is said after it. */
export function unitOfJson(json: string): EvidenceUnit {
  const builder = new UnitBuilder();
  let value: unknown = null;
  try {
    value = JSON.parse(json);
  } catch {
    builder.text(json);
  }
  visit(value, "", builder);
  return builder.build({ isGlobal: true });
}

function visit(value: unknown, key: string, builder: UnitBuilder): void {
  if (UNSAID.has(key)) return;
  if (typeof value === "string") builder.phrase(value, nameOf(value)).text(value);
  else if (typeof value === "number") {
    if (/M2$/.test(key)) builder.number(value, "m2");
    else if (/M$/.test(key)) builder.number(value, "m");
    else if (key === "probability") builder.number(value * 100, "percent");
    else builder.number(value);
  } else if (Array.isArray(value)) for (const entry of value) visit(entry, key, builder);
  else if (value !== null && typeof value === "object") {
    const measured = MeasurementSchema.safeParse(value);
    if (measured.success) builder.measured(measured.data);
    else for (const [name, entry] of Object.entries(value)) visit(entry, name, builder);
  }
}
