/**
 * The declarations of a style attribute that lay out a text and can do nothing else: known properties, and
 * values of words, numbers, colours and fonts. Nothing that positions, fetches, hides in an escape or computes.
 */
export function harmlessStyle(style: string): string {
  return style
    .slice(0, mostCharacters)
    .split(';')
    .map(harmlessDeclaration)
    .filter(declaration => declaration !== null)
    .join(';')
}

const mostCharacters = 4_000

function harmlessDeclaration(declaration: string) {
  const colon = declaration.indexOf(':')
  const property = declaration.slice(0, colon).trim().toLowerCase()
  const value = declaration.slice(colon + 1).trim()
  return colon > 0 && properties.has(property) && isHarmless(value) ? `${property}:${value}` : null
}

// Neither backslash (an escape), nor asterisk (a comment), nor at sign, braces, angles or control characters.
const plain = /^[\p{L}\p{N} .,%#()'"+!/_-]{1,500}$/u

function isHarmless(value: string) {
  if (!plain.test(value)) return false
  // A negative length moves a text over another.
  if (/(^|[\s,(])-\s*[\d.]/.test(value)) return false
  const calls = value.match(/[\p{L}\p{N}_-]*\s?\(/gu) ?? []
  if (calls.some(call => !/^(rgba?|hsla?)\($/i.test(call))) return false
  return value.split('"').length % 2 === 1 && value.split("'").length % 2 === 1
}

const sides = (name: string) => ['', '-top', '-right', '-bottom', '-left'].map(side => `${name}${side}`)

const properties = new Set([
  ...['color', 'background', 'background-color'],
  ...['font', 'font-family', 'font-size', 'font-style', 'font-variant', 'font-weight'],
  ...['line-height', 'letter-spacing', 'word-spacing', 'word-break', 'word-wrap', 'overflow-wrap'],
  ...[
    'text-align',
    'text-decoration',
    'text-decoration-line',
    'text-decoration-color',
    'text-decoration-style',
  ],
  ...['text-indent', 'text-transform', 'vertical-align', 'white-space', 'direction'],
  ...['width', 'min-width', 'max-width', 'height', 'min-height', 'max-height', 'box-sizing'],
  ...['display', 'float', 'clear', 'table-layout', 'caption-side', 'empty-cells'],
  ...['list-style', 'list-style-type', 'list-style-position'],
  ...sides('margin'),
  ...sides('padding'),
  ...sides('border').flatMap(side => [side, `${side}-width`, `${side}-style`, `${side}-color`]),
  ...['border-collapse', 'border-spacing', 'border-radius'],
])
