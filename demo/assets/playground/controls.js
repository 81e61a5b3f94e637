/** An element with properties and children. */
export function create(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

let count = 0;

/** A labelled control that says its value: a text, or true and false for a box. '' is nothing at all. */
export function control({ name, description, kind, values, set, value }) {
  const id = `control-${++count}`;
  const label = create('label', { htmlFor: id }, create('code', { textContent: name }));
  const hint = create('small', { id: `${id}-hint`, textContent: description ?? '' });
  const input = inputOf({ kind, values, value, set, name });
  input.id = id;
  input.dataset.name = name;
  input.setAttribute('aria-describedby', hint.id);
  const row = create('div', { className: 'control' }, label, input, hint);
  if (kind === 'color') hint.before(withPicker(input, name, set));
  return row;
}

function inputOf({ kind, values, value, set }) {
  if (kind === 'output') return create('output');
  if (values.length > 0) {
    // The last one is for seeing what nonsense does.
    const options = ['', ...values, 'nonsense'].map((text) =>
      create('option', { value: text, textContent: text || '(not said)' }),
    );
    const select = create('select', {}, ...options);
    select.addEventListener('change', () => set(select.value));
    return select;
  }
  if (kind === 'checkbox') {
    const box = create('input', { type: 'checkbox' });
    box.addEventListener('change', () => set(box.checked));
    return box;
  }
  const input = create('input', {
    type: kind === 'password' ? 'password' : 'text',
    value,
    autocomplete: 'off',
    spellcheck: false,
  });
  input.addEventListener('change', () => set(input.value));
  return input;
}

function withPicker(input, name, set) {
  const picker = create('input', { type: 'color', ariaLabel: `Pick ${name}` });
  picker.addEventListener('input', () => {
    input.value = picker.value;
    set(picker.value);
  });
  return picker;
}
