/**
 * Whether a `gateway-url` of xml_curl.conf answers for the dialplan, by its `bindings`. mod_xml_curl binds one without them
 * to everything (switch_xml_parse_section_string), and looks for the names within the text.
 */
export function bindsDialplan(bindings: string): boolean {
  return bindings.trim() === '' || /dialplan/i.test(bindings);
}
