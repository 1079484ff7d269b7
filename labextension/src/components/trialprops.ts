import { type Trial } from '../model/trial';
import { type ITestTabProps } from './testtab';

type TrialProps = Pick<
  ITestTabProps,
  'trial' | 'onImage' | 'onTensors' | 'onPredict' | 'onCompare' | 'onCancel' | 'onDiscard'
>;

/** What a Test tab shows of a trial, and what it does with it. */
export function trialProps(trial: Trial): TrialProps {
  return {
    trial: trial.state,
    onImage: image => trial.choose(image),
    onTensors: text => trial.write(text),
    onPredict: target => void trial.predict(target),
    onCompare: targets => void trial.compare(targets),
    onCancel: () => trial.cancel(),
    onDiscard: () => trial.discard()
  };
}
