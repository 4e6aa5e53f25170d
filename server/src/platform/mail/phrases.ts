/** A list of outside words as they stand in the data files: separated by bars, broken over lines at will. */
export const phrases = (text: TemplateStringsArray): readonly string[] =>
  text
    .join('')
    .split('|')
    .map(phrase => phrase.replace(/\s+/g, ' ').trim())
    .filter(phrase => phrase !== '')
