/** ISO date a number of years, months, weeks or days before another. */
export function before(iso: string, amount: number, unit: "year" | "month" | "week" | "day"): string {
  const date = new Date(`${iso}T00:00:00Z`);
  if (unit === "year" || unit === "month") {
    const months = Math.round(amount * (unit === "year" ? 12 : 1));
    const day = date.getUTCDate();
    date.setUTCDate(1);
    date.setUTCMonth(date.getUTCMonth() - months);
    const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
    date.setUTCDate(Math.min(day, last));
  } else date.setUTCDate(date.getUTCDate() - Math.round(amount * (unit === "week" ? 7 : 1)));
  return date.toISOString().slice(0, 10);
}

/** The day after an ISO date. */
export function dayAfter(iso: string): string {
  return before(iso, -1, "day");
}

/** Is the text a day of the calendar, YYYY-MM-DD? */
export function isDay(iso: string): boolean {
  const date = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso);
}

/** The first and last day of a month; null for a month that is none. */
export function monthRange(
  year: number,
  month: number,
  count: number,
): { from: string; to: string; count: number } | null {
  if (month < 1 || month > 12) return null;
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const prefix = `${year}-${String(month).padStart(2, "0")}`;
  return { from: `${prefix}-01`, to: `${prefix}-${String(last).padStart(2, "0")}`, count };
}
