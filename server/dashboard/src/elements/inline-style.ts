import { noChange } from 'lit';
import { directive, Directive, type ElementPart, type PartInfo, PartType } from 'lit/directive.js';

class InlineStyle extends Directive {
  #set = new Set<string>();

  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new TypeError('inlineStyle() stands in a tag: <i ${inlineStyle({…})}>');
  }

  render(_values: Readonly<Record<string, string>>): typeof noChange {
    return noChange;
  }

  override update(part: ElementPart, [values]: [Readonly<Record<string, string>>]): typeof noChange {
    const { style } = part.element as HTMLElement;
    for (const name of this.#set) if (!(name in values)) style.removeProperty(name);
    for (const [name, value] of Object.entries(values)) style.setProperty(name, value);
    this.#set = new Set(Object.keys(values));
    return noChange;
  }
}

/**
 * Sets style properties through the CSSOM: `` html`<i ${inlineStyle({ 'inline-size': '40%' })}></i>` ``. The policy of the
 * dashboard refuses the attribute, which lit's `styleMap` writes at first.
 */
export const inlineStyle = directive(InlineStyle);
