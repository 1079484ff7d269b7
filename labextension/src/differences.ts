import { groupedLabels } from './predictions';
import { type IInference, type IPrediction } from './types';

/** What each of several answers says of one thing; null where one says nothing of it. */
export interface IAnswerDifference {
  readonly name: string;
  readonly values: readonly (number | string | null)[];
  /** The greatest distance between two numbers, what is missing counting as zero; null for texts. */
  readonly spread: number | null;
}

/** More differences are not read; the greatest come first. */
const MOST = 8;

/** Where several answers to the same input differ, the greatest difference first. */
export function answerDifferences(
  answers: readonly (IPrediction | IInference)[]
): readonly IAnswerDifference[] {
  const said = answers.map(valuesOf);
  const names = new Set(said.flatMap(values => [...values.keys()]));
  return [...names]
    .map(name =>
      difference(
        name,
        said.map(values => values.get(name) ?? null)
      )
    )
    .filter(({ values }) => new Set(values).size > 1)
    .sort((a, b) => (b.spread ?? Infinity) - (a.spread ?? Infinity))
    .slice(0, MOST);
}

function difference(name: string, values: readonly (number | string | null)[]): IAnswerDifference {
  if (values.some(value => typeof value === 'string')) {
    return { name, values, spread: null };
  }
  const numbers = values.map(value => Number(value ?? 0));
  return { name, values, spread: Math.max(...numbers) - Math.min(...numbers) };
}

function valuesOf(answer: IPrediction | IInference): Map<string, number | string> {
  if (!('task' in answer)) {
    return new Map(answer.outputs.flatMap(({ name, data }) => listed(name, data)));
  }
  const groups = groupedLabels(answer);
  if (groups) {
    return new Map(groups.map(({ label, scores }) => [label, scores[0]!]));
  }
  const { value, text, vector, outputs } = answer;
  if (vector) {
    return new Map(listed('', vector));
  }
  const plain = value ?? text ?? JSON.stringify(outputs);
  return new Map([[typeof plain === 'number' ? 'value' : 'answer', plain]]);
}

/** The values of a tensor, each under its place; one alone has the name of all. */
function listed(name: string, data: readonly unknown[]): [string, number | string][] {
  return data.map((value, place) => [
    data.length === 1 ? name : `${name}[${place}]`,
    typeof value === 'number' ? value : String(value)
  ]);
}
