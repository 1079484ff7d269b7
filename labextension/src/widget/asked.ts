import { type IWidgetModel } from './live';

let last = 0;

/** What the kernel answers to a question: it comes in the trait `answer`, under the question's number. */
export function asked<T>(model: IWidgetModel, verb: string, question: object): Promise<T> {
  const id = ++last;
  return new Promise(resolve => {
    const take = () => {
      const answer = model.get('answer') as { readonly id?: number; readonly value?: T };
      if (answer.id === id) {
        model.off('change:answer', take);
        resolve(answer.value as T);
      }
    };
    model.on('change:answer', take);
    model.send({ verb, id, ...question });
  });
}
