import { paletteOf } from './png';
import { type ILabel, type IMask, type IPrediction } from './types';

/** What an object in memory answers with, where others tell their version. */
export const IN_MEMORY = 'in memory';

/** One label that was found, with the score of each time; the best score is first. */
export interface ILabelGroup {
  readonly label: string;
  readonly scores: readonly number[];
  /** The label's colour, here and over the image; undefined when nothing is drawn for it. */
  readonly color?: string;
}

/** Colours that are told apart on photographs, also by people who see few colours (Okabe and Ito). */
const BOX_COLORS = [
  '#e69f00',
  '#56b4e9',
  '#009e73',
  '#f0e442',
  '#d55e00',
  '#cc79a7',
  '#ffffff'
] as const;

/** What was found by label, best first; null when the prediction has no labels. */
export function groupedLabels(prediction: IPrediction): readonly ILabelGroup[] | null {
  const { mask, boxes, classes } = prediction;
  if (mask) {
    return maskGroups(mask);
  }
  if (boxes) {
    return grouped(boxes).map((group, i) => ({
      ...group,
      color: BOX_COLORS[i % BOX_COLORS.length]
    }));
  }
  return classes ? grouped(classes) : null;
}

function maskGroups(mask: IMask): ILabelGroup[] {
  const palette = paletteOf(mask.png);
  const shares = Object.entries(mask.share).map(([label, score]) => ({
    label,
    score
  }));
  return grouped(shares).map(group => ({
    ...group,
    color: palette[mask.labels.indexOf(group.label)]
  }));
}

function grouped(found: readonly ILabel[]): ILabelGroup[] {
  const scores = new Map<string, number[]>();
  for (const { label, score } of found) {
    scores.set(label, [...(scores.get(label) ?? []), score]);
  }
  return [...scores]
    .map(([label, all]) => ({ label, scores: all.sort((a, b) => b - a) }))
    .sort((a, b) => b.scores[0]! - a.scores[0]!);
}

/** The prediction without what is less sure than `threshold`. */
export function atLeast(prediction: IPrediction, threshold: number): IPrediction {
  const { boxes, classes } = prediction;
  return {
    ...prediction,
    boxes: boxes && boxes.filter(({ score }) => score >= threshold),
    classes: classes && classes.filter(({ score }) => score >= threshold)
  };
}
