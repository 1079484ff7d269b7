import { linked, withoutLink } from '../src/commands/links';

describe('an address', () => {
  it('names a model, and perhaps a version and a tab', () => {
    expect(linked('?model=digits')).toEqual({ model: 'digits' });
    expect(linked('?token=x&model=digits%401.0.0%2Bgpu&tab=test')).toEqual({
      model: 'digits',
      version: '1.0.0+gpu',
      tab: 'test'
    });
  });

  it('loses that, and nothing else, when the page is open', () => {
    expect(withoutLink('?model=digits@1.0.0&tab=test')).toBe('');
    expect(withoutLink('?reset&model=digits')).toBe('?reset=');
  });
});
