const WIDTH = 24;
/** Lines are this far apart where the error stream is no terminal. */
const LINE_EVERY_MS = 3000;
/** Steps shorter than this show nothing. */
const SILENT_MS = 700;

export interface ProgressBar {
  /** Share done, 0..1, with what is being done. */
  readonly update: (done: number, label?: string) => void;
  readonly end: () => void;
}

/** A progress bar on the error stream: one line that moves on a terminal, a line every few seconds elsewhere. */
export function progressBar(title: string): ProgressBar {
  const started = Date.now();
  let shown = false;
  let ended = false;
  let lastAt = started;
  const write = (done: number, label: string) => {
    const filled = Math.round(Math.min(1, done) * WIDTH);
    const seconds = Math.round((Date.now() - started) / 1000);
    const line = `${title} [${"#".repeat(filled)}${".".repeat(WIDTH - filled)}] ${Math.round(done * 100)} % ${label} (${seconds} s)`;
    process.stderr.write(
      process.stderr.isTTY ? `\r\x1b[2K${line.slice(0, (process.stderr.columns ?? 100) - 1)}` : `${line}\n`,
    );
    shown = true;
  };
  return {
    update: (done, label = "") => {
      const now = Date.now();
      if (now - started < SILENT_MS) return;
      if (process.stderr.isTTY ? now - lastAt < 100 : now - lastAt < LINE_EVERY_MS) return;
      lastAt = now;
      write(done, label);
    },
    end: () => {
      if (ended) return;
      ended = true;
      if (shown && process.stderr.isTTY) process.stderr.write("\r\x1b[2K");
      if (shown) process.stderr.write(`${title}: done in ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
    },
  };
}
