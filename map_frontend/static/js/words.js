// Words and numbers in the reader's language; the server sends the words, this file only puts values into them.

const SQUARE_METRES = {mu: 2000 / 3, ha: 10000, acre: 4046.8564224};

/** Below this share of the county's unit an area is said in square metres, as map_frontend/words.py does. */
const SMALL_AREA = 0.1;

export function makeWords(config) {
  const {lang, text: catalogue, codes, fields, area_unit: areaUnit} = config;
  const number = (value, digits) => new Intl.NumberFormat(lang === "en" ? "en-GB" : "zh-CN", {maximumFractionDigits: digits}).format(value);
  const words = {
    isEnglish: lang === "en",
    /** A sentence of the catalogue with {names} filled in; `{n:firm|firms}` is the first where n is one, else the second. */
    text(key, values = {}) {
      return (catalogue[key] || key).replace(/\{(\w+)(?::([^|}]*)\|([^}]*))?\}/g, (_, name, one, many) =>
        (many !== undefined ? (Number(values[name]) === 1 ? one : many) : values[name] === undefined ? "" : String(values[name])));
    },
    /** The word for a code of a code list; an unknown code stands for itself. */
    code: (list, code) => (codes[list] && codes[list][code]) || String(code),
    /** "12.5 亩" of square metres. */
    area(areaM2) {
      const value = areaM2 / SQUARE_METRES[areaUnit];
      if (value < SMALL_AREA) return `${number(areaM2, areaM2 >= 1 ? 0 : 2)} ${words.text("unit.m2")}`;
      return `${number(value, value < 100 ? 2 : 1)} ${words.text(`unit.${areaUnit}`)}`;
    },
    number: (value, unit = "", digits = 2) => (unit ? `${number(value, digits)} ${unit}` : number(value, digits)),
    range(low, high, unit = "") {
      const tail = unit ? ` ${unit}` : "";
      const has = (value) => value !== null && value !== undefined;
      if (has(low) && has(high)) return (Number(low) === Number(high) ? number(low, 2) : `${number(low, 2)}–${number(high, 2)}`) + tail;
      return has(low) ? `≥ ${number(low, 2)}${tail}` : has(high) ? `≤ ${number(high, 2)}${tail}` : "";
    },
    /** One field of a card: its text, or "" when nothing is known. */
    field(field, props) {
      const unit = fields[field.name] && fields[field.name][1], value = props[field.name], has = value !== null && value !== undefined && value !== "";
      switch (field.form) {
        case "area": return has ? words.area(Number(value)) : "";
        case "code": return has ? words.code(field.code_list, value) : "";
        case "number": return has ? words.number(Number(value), unit) : "";
        case "range": return words.range(value, props[field.other], unit);
        case "price": return props.price_negotiable ? words.text("price.negotiable") : words.range(value, props[field.other], unit);
        case "yes_no": return has ? words.text(value === true || value === "true" ? "yes" : "no") : "";
        default: return has ? String(value) : "";
      }
    },
    /** What a field is called. */
    label: (field) => (field.word ? words.text(field.word) : fields[field.name] ? fields[field.name][0] : field.name),
    /** A thing's name in the reader's language. */
    name: (props) => (lang === "en" && props.name_en) || props.name || props.code || "",
  };
  return words;
}
