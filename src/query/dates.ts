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
