const OPEN = 'jp-modelmgmt:open';

/** Asks JupyterLab, from a widget inside of it, for the page of `model@version`; elsewhere nobody hears. */
export function askToOpen(node: EventTarget, selector: string): void {
  node.dispatchEvent(new CustomEvent(OPEN, { bubbles: true, detail: selector }));
}

/** Opens what widgets ask for. */
export function onAskedToOpen(open: (model: string, version: string) => void): void {
  document.addEventListener(OPEN, event => {
    const [model = '', version = ''] = String((event as CustomEvent).detail).split('@');
    open(model, version);
  });
}
