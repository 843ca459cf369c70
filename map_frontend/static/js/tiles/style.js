// A layer's style as the server sent it, with the questions the painter asks of it.

/** Properties of a feature -> which paint it gets. */
export function makeStyle(spec) {
  const cases = spec.cases || {};
  return {
    cases,
    other: spec.other,
    dashes: spec.dashes,
    caseOf(props) {
      for (const field of spec.by) {
        const value = props[field];
        if (value !== undefined && value !== null && Object.prototype.hasOwnProperty.call(cases, value)) return value;
      }
      return "*";
    },
    paintOf(props) {
      const code = this.caseOf(props);
      return code === "*" ? spec.other : cases[code];
    },
  };
}
