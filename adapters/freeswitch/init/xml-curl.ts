import { attribute, below, type Element } from './document';
import { configurationOf } from './gateways';

/**
 * Whether a `gateway-url` of xml_curl.conf answers for the dialplan, by its `bindings`. mod_xml_curl binds one without them
 * to everything (switch_xml_parse_section_string), and looks for the names within the text.
 */
export function bindsDialplan(bindings: string): boolean {
  return bindings.trim() === '' || /dialplan/i.test(bindings);
}

/** `bindings` of the web servers that answer for parts of the configuration. */
export function curlBindings(root: Element | undefined): readonly string[] {
  return below(configurationOf(root, 'xml_curl.conf'), 'param')
    .filter((param) => attribute(param, 'name') === 'gateway-url')
    .map((param) => attribute(param, 'bindings'));
}
