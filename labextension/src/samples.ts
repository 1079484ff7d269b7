import { type ITranslate } from './components/props';

/** Pixels along each side of a sample. */
const SIDE = 384;

/** A picture to try with, drawn here: none of it is anybody's photo. */
export interface ISample {
  readonly name: string;
  readonly label: string;
  readonly svg: string;
}

export function samples(trans: ITranslate): readonly ISample[] {
  return [
    { name: 'face.png', label: trans.__('A drawn face'), svg: drawn(FACE) },
    { name: 'cup.png', label: trans.__('A drawn cup'), svg: drawn(CUP) },
    { name: 'seven.png', label: trans.__('A drawn seven'), svg: drawn(SEVEN) }
  ];
}

/** Where a browser finds the drawing. */
export function urlOf({ svg }: ISample): string {
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

/** The sample as a PNG, as if it had been chosen from a folder. */
export async function pictureOf(sample: ISample): Promise<File> {
  const image = new Image(SIDE, SIDE);
  image.src = urlOf(sample);
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = SIDE;
  canvas.getContext('2d')!.drawImage(image, 0, 0, SIDE, SIDE);
  const blob = await new Promise<Blob | null>(resolve => canvas.toBlob(resolve, 'image/png'));
  return new File([blob!], sample.name, { type: 'image/png' });
}

function drawn(shapes: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="96" height="96">${shapes}</svg>`;
}

const FACE = `
<defs><radialGradient id="s" cx=".45" cy=".4" r=".7"><stop offset="0" stop-color="#f2c9a5"/>
<stop offset="1" stop-color="#b97f57"/></radialGradient></defs>
<rect width="96" height="96" fill="#8fa7b8"/><path d="M14 96q4-22 34-22t34 22z" fill="#34495e"/>
<rect x="39" y="62" width="18" height="18" fill="#c48b62"/><ellipse cx="48" cy="42" rx="21" ry="27" fill="url(#s)"/>
<path d="M26 40q-2-28 22-28t22 28q-4-14-10-17-14 5-26 0-6 5-8 17z" fill="#3b2a20"/>
<path d="M34 35q5-3 9 0M53 35q5-3 9 0" stroke="#3b2a20" stroke-width="2" fill="none"/>
<ellipse cx="39" cy="41" rx="4" ry="2.4" fill="#fff"/><ellipse cx="57" cy="41" rx="4" ry="2.4" fill="#fff"/>
<circle cx="39" cy="41" r="2" fill="#2b1d14"/><circle cx="57" cy="41" r="2" fill="#2b1d14"/>
<path d="M48 42l-3 10q3 2 6 0" stroke="#8a5a3c" stroke-width="1.6" fill="none"/>
<path d="M40 58q8 5 16 0-8 2-16 0z" fill="#a2453c" stroke="#8a3a33"/>`;
const CUP = `
<rect width="96" height="96" fill="#d9cbb5"/><ellipse cx="46" cy="78" rx="36" ry="8" fill="#b7a68c"/>
<path d="M22 32h48l-5 38q-19 10-38 0z" fill="#fdfdfd"/><path d="M69 38q16 0 12 13t-16 11" stroke="#f1f1f1" stroke-width="5" fill="none"/>
<ellipse cx="46" cy="32" rx="24" ry="7" fill="#ececec"/><ellipse cx="46" cy="33" rx="20" ry="5" fill="#5a3620"/>
<path d="M28 40l4 28" stroke="#dcdcdc" stroke-width="4"/>`;
const SEVEN = `
<rect width="96" height="96" fill="#000"/><path d="M28 26h40L44 76" stroke="#fff" stroke-width="9"
stroke-linecap="round" stroke-linejoin="round" fill="none"/>`;
