import { ApiError } from '../src/apierror';
import { Answer, served } from './server';

it('puts the query of a page into the URL and leaves out what is not given', async () => {
  const { api, requests } = served({ 'GET models': { items: [], next_cursor: null } });
  await api.models({ search: 'a b', limit: 10, cursor: undefined });
  expect(requests).toMatchObject([{ path: 'models', query: 'search=a+b&limit=10' }]);
});

it('escapes names in paths', async () => {
  const { api, requests } = served({});
  await expect(api.version('a/b', '1.0.0+x')).rejects.toThrow(ApiError);
  expect(requests[0]!.path).toBe('models/a%2Fb/versions/1.0.0%2Bx');
});

it('keeps the folders of an artifact in its URL', () => {
  const { api } = served({});
  expect(api.downloadUrl('m', '1.0.0', 'sub dir/w.pt')).toBe(
    'http://127.0.0.1:1/modelmgmt/api/v1/models/m/versions/1.0.0/artifacts/sub%20dir/w.pt'
  );
  expect(api.downloadUrl('m', '1.0.0')).toMatch(/versions\/1\.0\.0\/archive$/);
});

it('repeats the selector of each compared version', async () => {
  const { api, requests } = served({ 'GET compare': { versions: [], base: 1, rows: [] } });
  await api.compare(['a@1.0.0', 'a@1.1.0'], 1);
  expect(requests[0]!.query).toBe('version=a%401.0.0&version=a%401.1.0&base=1');
});

it('sends JSON bodies and reads empty answers', async () => {
  const { api, requests } = served({
    'PUT models/a/versions/1.0.0/stage': {},
    'DELETE models/a/versions/1.0.0': new Answer(204, '')
  });
  await api.promote('a', '1.0.0', { stage: 'production' });
  await expect(api.deleteVersion('a', '1.0.0')).resolves.toBeUndefined();
  expect(JSON.parse(requests[0]!.text)).toEqual({ stage: 'production' });
});

it('passes on the sentence of the server', async () => {
  const message =
    'You cannot delete a model that is currently deployed. Stop all deployments first.';
  const { api } = served({
    'DELETE models/a/versions/1.0.0': new Answer(409, { code: 'model_deployed', message })
  });
  await expect(api.deleteVersion('a', '1.0.0')).rejects.toMatchObject({
    message,
    status: 409,
    code: 'model_deployed'
  });
});

it('says the status when a proxy answered with a page', async () => {
  const { api } = served({ 'GET library': new Answer(502, '<html>Bad gateway</html>') });
  await expect(api.library()).rejects.toMatchObject({ status: 502, code: '' });
});

it('sends an image as it is, and any other file as an image to be refused', async () => {
  const { api, requests } = served({ 'POST deployments/d/predict': {} });
  const d = { deployment: 'd', model: 'm', version: '' };
  await api.predict(d, new File(['x'], 'a.png', { type: 'image/png' }));
  await api.predict(d, new File(['x'], 'a.txt', { type: 'text/plain' }));
  expect(requests.map(request => request.contentType)).toEqual(['image/png', 'image/*']);
});

it('asks a version that is not deployed by its own route', async () => {
  const { api, requests } = served({ 'POST models/m/versions/1.0.0/predict': {} });
  await api.infer({ deployment: '', model: 'm', version: '1.0.0' }, '{}');
  expect(requests[0]!.contentType).toBe('application/json');
});
