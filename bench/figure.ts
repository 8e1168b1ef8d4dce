/** Knows what a bench reports: figures of ours beside the same work done by somebody else. */

/** One line of the result. */
export interface Figure {
  readonly bench: string;
  readonly metric: string;
  /** Ours. */
  readonly value: number;
  readonly unit: string;
  /** Who did the same work for comparison. */
  readonly against: string;
  /** Ours divided by theirs: below 1 is less. */
  readonly ratio: number;
}

/** What a bench gets to work with. */
export interface Tools {
  /** Tells a person how far it is; goes to standard error. */
  readonly say: (line: string) => void;
  /** Registers what must be ended however the run ends; the last registered ends first. */
  readonly atEnd: (end: () => Promise<unknown>) => void;
}

/** Makes a figure, both numbers rounded to what a reader can use. */
export function figure(
  about: Omit<Figure, "ratio" | "value">,
  { ours, theirs }: { readonly ours: number; readonly theirs: number },
): Figure {
  const { bench, metric, unit, against } = about;
  return {
    bench,
    metric,
    value: Number(ours.toPrecision(4)),
    unit,
    against,
    ratio: Number((ours / theirs).toPrecision(3)),
  };
}
