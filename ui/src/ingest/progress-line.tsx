interface Props {
  /** Share done, 0..1; null while nothing is known of it. */
  readonly done: number | null;
  readonly name: string;
}

/** A thin bar that fills. */
export function ProgressLine({ done, name }: Props) {
  const percent = done === null ? null : Math.round(done * 100);
  return (
    <div
      className="progress-line"
      role="progressbar"
      aria-label={name}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(percent !== null && { "aria-valuenow": percent })}
      data-unknown={percent === null}
    >
      <i style={{ width: `${percent ?? 100}%` }} />
    </div>
  );
}
