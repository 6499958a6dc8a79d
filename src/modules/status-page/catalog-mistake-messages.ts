import { type Mistake, mistakesText } from '../../platform/config/index.ts';
import { defineMessages, type Language, sentenceFor } from '../../platform/i18n/index.ts';
import type {
  CatalogMistake,
  CatalogProblem,
  CatalogRemedy,
  OtherEntry,
  UnreadableCode,
  UnreadableReason,
} from './domain/catalog-mistake.ts';

type Problem<C extends CatalogProblem['code']> = Extract<CatalogProblem, { code: C }>;
type Remedy<C extends CatalogRemedy['code']> = Extract<CatalogRemedy, { code: C }>;

const whereEn = ({ path, line }: OtherEntry) => (line === undefined ? path : `in line ${line}`);
const whereIt = ({ path, line }: OtherEntry) => (line === undefined ? path : `alla riga ${line}`);

interface Words {
  problem: string;
  remedy: string;
}

const QUOTE_STARS = 'Metti tra virgolette i testi che iniziano con * o &.';
/** English comes with the mistake, from the reader of the configuration. */
const UNREADABLE_IT: Readonly<Record<UnreadableCode, Words>> = {
  bad_indent: {
    problem: 'la riga non inizia dove iniziano le sue vicine',
    remedy: 'Fai rientrare le chiavi di un gruppo dello stesso numero di spazi.',
  },
  tab_indent: {
    problem: 'il rientro della riga è un tabulatore',
    remedy: 'YAML ammette solo spazi all’inizio di una riga.',
  },
  second_document: { problem: 'qui inizia un secondo documento ("---")', remedy: 'Tieni tutto in un solo documento.' },
  unclosed: {
    problem: 'una virgoletta o una parentesi non è chiusa, oppure manca un due punti o una virgola',
    remedy: 'Guarda questa riga e quella prima.',
  },
  bad_alias: { problem: 'un alias (*nome) o un’ancora (&nome) non ha un nome valido', remedy: QUOTE_STARS },
  bad_tag: {
    problem: 'qui non è ammesso un tag ("!…")',
    remedy: 'Metti tra virgolette i testi che iniziano con un punto esclamativo.',
  },
  other: {
    problem: 'questo non è YAML valido',
    remedy: 'Scrivi "chiave: valore" con uno spazio dopo i due punti, e tra virgolette i testi con caratteri speciali.',
  },
  no_plain_key: { problem: 'una chiave deve essere una parola semplice', remedy: 'Toglila.' },
  forbidden_key: { problem: 'questa parola non può essere una chiave', remedy: 'Scegli un altro nome.' },
  no_value: {
    problem: 'questo tipo di valore non è ammesso',
    remedy: 'Scrivi un testo, un numero, true o false.',
  },
  alias_to_nothing: { problem: 'l’alias non rimanda a nulla che lo preceda', remedy: QUOTE_STARS },
  alias_of_itself: { problem: 'l’alias contiene sé stesso', remedy: QUOTE_STARS },
};

function unreadableIt(reason: UnreadableReason): Words {
  switch (reason.code) {
    case 'too_large': {
      const problem = `il file supera ${reason.megabytes} MB`;
      return { problem, remedy: 'Nessun file di questo tipo ne ha bisogno: è il file giusto?' };
    }
    case 'too_deep':
      return { problem: 'il file ha troppi livelli', remedy: `Usane al massimo ${reason.most}.` };
    case 'too_many_values':
      return { problem: `ci sono più di ${reason.most} valori, alias compresi`, remedy: 'Scrivi meno alias.' };
    case 'key_twice':
      return {
        problem: 'la chiave compare qui una seconda volta',
        remedy: `Togline una; la prima è alla riga ${reason.line}.`,
      };
    default:
      return UNREADABLE_IT[reason.code];
  }
}

/** What is wrong in a catalogue file: it follows the path of the key. */
const problems = defineMessages('status-page-catalog-problems', {
  en: {
    empty: 'is empty',
    several_lines: 'has a line break or a control character in it',
    unshowable: 'has characters in it that cannot be shown',
    no_url: 'is not a web address',
    too_long: ({ length }: Problem<'too_long'>) => `has ${length} characters`,
    no_key: 'is not a key: a-z, 0-9, ".", "_" and "-", beginning with a letter or a digit, at most 100 characters',
    no_group: 'must be a group of keys',
    no_list: 'must be a list',
    no_text: 'must be a text',
    no_flag: 'must be true or false',
    no_number: ({ least, most, whole }: Problem<'no_number'>) =>
      `must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}`,
    no_such_key: 'is a key that does not exist',
    not_among: ({ choices }: Problem<'not_among'>) => `is not one of ${choices.join(', ')}`,
    other_version: 'is not 1',
    missing: 'is missing',
    too_many: ({ count }: Problem<'too_many'>) => `has ${count} entries`,
    one_too_many: 'is one too many',
    twice: 'stands here a second time',
    key_twice: 'is used a second time',
    beside_region: 'stands beside attributes.region',
    names_nothing: 'names nothing',
    no_region: 'is none of the regions of this file',
    not_in_region: ({ region }: Problem<'not_in_region'>) => `is not in the region ${region ?? '(none)'}`,
    unknown_key: 'is no key of this catalogue',
    itself: 'is the component itself',
    name_of_person: ({ key }: Problem<'name_of_person'>) => `is what a person called ${key}`,
    unreadable: ({ words }: Problem<'unreadable'>) => words,
    of_name: (problem: string) => `its name ${problem}`,
    list: 'a list',
    group: 'a group of keys',
  },
  it: {
    empty: 'è vuoto',
    several_lines: 'contiene un’interruzione di riga o un carattere di controllo',
    unshowable: 'contiene caratteri che non si possono mostrare',
    no_url: 'non è un indirizzo web',
    too_long: ({ length }) => `ha ${length} caratteri`,
    no_key:
      'non è una chiave: a-z, 0-9, ".", "_" e "-", con una lettera o una cifra all’inizio, al massimo 100 caratteri',
    no_group: 'deve essere un gruppo di chiavi',
    no_list: 'deve essere un elenco',
    no_text: 'deve essere un testo',
    no_flag: 'deve essere true o false',
    no_number: ({ least, most, whole }) => `deve essere un numero ${whole ? 'intero ' : ''}da ${least} a ${most}`,
    no_such_key: 'è una chiave che non esiste',
    not_among: ({ choices }) => `non è uno di ${choices.join(', ')}`,
    other_version: 'non è 1',
    missing: 'manca',
    too_many: ({ count }) => `ha ${count} voci`,
    one_too_many: 'è di troppo',
    twice: 'compare qui una seconda volta',
    key_twice: 'è usato una seconda volta',
    beside_region: 'sta accanto ad attributes.region',
    names_nothing: 'non nomina nulla',
    no_region: 'non è una delle regioni di questo file',
    not_in_region: ({ region }) => `non è nella regione ${region ?? '(nessuna)'}`,
    unknown_key: 'non è una chiave di questo catalogo',
    itself: 'è il componente stesso',
    name_of_person: ({ key }) => `è il nome che una persona ha dato a ${key}`,
    unreadable: ({ reason }) => unreadableIt(reason).problem,
    of_name: (problem: string) => `il suo nome ${problem}`,
    list: 'un elenco',
    group: 'un gruppo di chiavi',
  },
});

/** What to do about it: a sentence of its own. */
const remedies = defineMessages('status-page-catalog-remedies', {
  en: {
    write_below: ({ keys }: Remedy<'write_below'>) => `Write ${keys.join(': … and ')}: … below it.`,
    write_list: 'Write [a, b], or one "- " line per entry.',
    write_text: 'Write a text.',
    write_flag: 'Write true or false, without quotes.',
    write_number: 'Write the number without quotes.',
    quote: ({ text }: Remedy<'quote'>) => `Write it in quotes: "${text}".`,
    did_you_mean: ({ word }: Remedy<'did_you_mean'>) => `Did you mean ${word}?`,
    there_are: ({ keys }: Remedy<'there_are'>) => `There are: ${keys.join(', ')}.`,
    choose: ({ choices }: Remedy<'choose'>) => `Write ${choices.join(' or ')}.`,
    region_elsewhere: 'Write it below attributes, or regions: [Reg1, Reg2] for several.',
    attribute_elsewhere: 'Write it below attributes.',
    version_1: 'This program knows version 1 only.',
    begin: 'A catalogue begins with components: and lists them below. To empty it, use signalbox catalog purge.',
    add_id: 'Write id: and the name of the region.',
    add_name: 'Write name: and what the service is called.',
    add_required: 'Add it, or take it out of required_attributes.',
    add_region: 'Add it to regions.',
    name_regions: 'Name the regions, or remove the key.',
    at_most: ({ most }: Remedy<'at_most'>) => `Use at most ${most}.`,
    remove_one: 'Remove one.',
    keep_one: 'Keep one of the two.',
    remove_it: 'Remove it.',
    other_key: ({ other }: { other: OtherEntry }) => `Give one of them another key; the other is ${whereEn(other)}.`,
    other_name: ({ other }: { other: OtherEntry }) =>
      `A name may stand once in each region; the other is ${whereEn(other)}.`,
    write_or_remove: 'Write a text, or remove the key.',
    one_line: 'Keep it on one line.',
    remove_controls: 'Remove control characters.',
    such_url: 'Write one such as https://docs.example.org/obs.',
    such_key: ({ slug }: Remedy<'such_key'>) => (slug === '' ? 'Write one such as obs-reg1.' : `Write ${slug}.`),
    name_key: 'Write the key of another component.',
    name_any_key: 'Write the key of another entry, or the whole key of a component, such as network/edge-1.',
    of_region: ({ name }: Remedy<'of_region'>) => `Name the one of another region, such as ${name}-reg1.`,
    retire_or_key: ({ key }: Remedy<'retire_or_key'>) =>
      `Retire or rename that one, or give this entry the key ${key}.`,
    make_readable: ({ words }: Remedy<'make_readable'>) => words,
  },
  it: {
    write_below: ({ keys }) => `Scrivi ${keys.join(': … e ')}: … al di sotto.`,
    write_list: 'Scrivi [a, b], oppure una riga "- " per ogni voce.',
    write_text: 'Scrivi un testo.',
    write_flag: 'Scrivi true o false, senza virgolette.',
    write_number: 'Scrivi il numero senza virgolette.',
    quote: ({ text }) => `Scrivilo tra virgolette: "${text}".`,
    did_you_mean: ({ word }) => `Intendevi ${word}?`,
    there_are: ({ keys }) => `Ci sono: ${keys.join(', ')}.`,
    choose: ({ choices }) => `Scrivi ${choices.join(' o ')}.`,
    region_elsewhere: 'Scrivilo sotto attributes, oppure regions: [Reg1, Reg2] per più di una.',
    attribute_elsewhere: 'Scrivilo sotto attributes.',
    version_1: 'Questo programma conosce solo la versione 1.',
    begin: 'Un catalogo inizia con components: e li elenca sotto. Per svuotarlo usa signalbox catalog purge.',
    add_id: 'Scrivi id: e il nome della regione.',
    add_name: 'Scrivi name: e come si chiama il servizio.',
    add_required: 'Aggiungilo, o toglilo da required_attributes.',
    add_region: 'Aggiungilo a regions.',
    name_regions: 'Nomina le regioni, o togli la chiave.',
    at_most: ({ most }) => `Usane al massimo ${most}.`,
    remove_one: 'Togline uno.',
    keep_one: 'Tieni uno dei due.',
    remove_it: 'Toglilo.',
    other_key: ({ other }) => `Dai a uno dei due un’altra chiave; l’altro è ${whereIt(other)}.`,
    other_name: ({ other }) => `Un nome può stare una volta in ogni regione; l’altro è ${whereIt(other)}.`,
    write_or_remove: 'Scrivi un testo, o togli la chiave.',
    one_line: 'Tienilo su una riga.',
    remove_controls: 'Togli i caratteri di controllo.',
    such_url: 'Scrivine uno come https://docs.example.org/obs.',
    such_key: ({ slug }) => (slug === '' ? 'Scrivine una come obs-reg1.' : `Scrivi ${slug}.`),
    name_key: 'Scrivi la chiave di un altro componente.',
    name_any_key: 'Scrivi la chiave di un’altra voce, o la chiave intera di un componente, come network/edge-1.',
    of_region: ({ name }) => `Nomina quello di un’altra regione, come ${name}-reg1.`,
    retire_or_key: ({ key }) => `Ritira o rinomina quello, o dai a questa voce la chiave ${key}.`,
    make_readable: ({ reason }) => unreadableIt(reason).remedy,
  },
});

/** A mistake in words, in the form that mistakes of every file have. */
export function sayCatalogMistake(language: Language, mistake: CatalogMistake): Mistake {
  const { path, line, column, value, found, ofName = false, problem, remedy } = mistake;
  const words = problems(language);
  const said = sentenceFor(words, problem);
  const shown = value ?? (found === undefined ? undefined : words[found]);
  return {
    path,
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
    ...(shown === undefined ? {} : { value: shown }),
    problem: ofName ? words.of_name(said) : said,
    remedy: sentenceFor(remedies(language), remedy),
  };
}

/** For a terminal. */
export function catalogMistakesText(mistakes: readonly CatalogMistake[], file: string): string {
  return mistakesText(
    mistakes.map((mistake) => sayCatalogMistake('en', mistake)),
    file,
  );
}
