/**
 * crankback's dialplan as a document of its own, which calls enter by its path (`transfer $1 XML:<path> crankback`).
 * FreeSWITCH reads it by itself then, and asks neither mod_lua nor mod_xml_curl, which answer for every context where they
 * are bound to the dialplan: FusionPBX. FreeSWITCH's preprocessor does not see it, so it has no include.
 * @param shipped text of crankback.xml
 * @param path where it will be, as FreeSWITCH names it
 * @param emergency as emergency.xml has it, `travel` as travel.xml, and `fallback` as crankback_fallback.xml: `<include>` is
 * around each of them
 */
export function ownDocument(
  shipped: string,
  {
    path,
    emergency,
    travel,
    fallback,
  }: {
    readonly path: string;
    readonly emergency: string;
    readonly travel: string;
    readonly fallback: string;
  },
): string {
  const byPath = (text: string): string =>
    text
      .replaceAll(' XML crankback', ` XML:${path} crankback`)
      .replace(
        CONTEXT_OF_ATTEMPT,
        (line) => `${line}\n${line.replace(/data="[^"]*"/, 'data="dialplan=XML"')}`,
      );
  const before = [emergency.replace(INCLUDED_TRAVEL, ''), byPath(travel)].map(inner).join('\n');
  return byPath(shipped)
    .replace(INCLUDED_EMERGENCY, () => before)
    .replace(/^<include>$/m, '<document type="freeswitch/xml">\n<section name="dialplan">')
    .replace(/^<\/include>$/m, () => `${inner(fallback)}\n</section>\n</document>`);
}

/** Where `crankback init` writes it, below FreeSWITCH's configuration. */
export const OWN_DOCUMENT = 'crankback/crankback.xml';

/** Such a document as the files of a dialplan would have it, to be compared with the shipped ones. */
export function asIncluded(document: string, path: string): string {
  return document.replaceAll(` XML:${path} crankback`, ' XML crankback').replace(OUT_OF_OURS, '');
}

const OUT_OF_OURS =
  /^ *<action application="set_profile_var" data="dialplan=XML" inline="true"\/>\n/gm;

/** The attempt runs in the user's context, where a transfer by REFER finds its target: that is not in our document. */
const CONTEXT_OF_ATTEMPT =
  /^ *<action application="set_profile_var" data="context=\$(?:\{crankback_home\}|5)" inline="true"\/>$/gm;
const INCLUDED_TRAVEL = /^ *<X-PRE-PROCESS cmd="include" data="travel\.xml"\/>\n/m;
const INCLUDED_EMERGENCY = /^ *<X-PRE-PROCESS cmd="include" data="crankback\/emergency.xml"\/>$/m;

function inner(text: string): string {
  return text.replace(/^<\/?include>\n?/gm, '').trimEnd();
}
