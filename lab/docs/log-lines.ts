import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** A place in the sources that writes a line. */
export interface LogLine {
  readonly level: string;
  /** Texts of the message; `…` stands for what is put in. */
  readonly messages: readonly string[];
  /** Fields that are named there; those of a spread variable are not. */
  readonly fields: readonly string[];
  readonly finding?: string;
}

/** Every line that `src` and `adapters` write, as far as their text says it. */
export function logLines(root: string): readonly LogLine[] {
  return ['src', 'adapters'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .sort()
      .flatMap((file) => linesIn(readFileSync(join(root, folder, file), 'utf8'))),
  );
}

function linesIn(text: string): readonly LogLine[] {
  if (!/\blog\.(info|warn|error|debug|log)\(|\btold\('/.test(text)) return [];
  const lines: LogLine[] = [];
  visit(ts.createSourceFile('one.ts', text, ts.ScriptTarget.ES2022, true), (node) => {
    const line = ts.isCallExpression(node) ? lineOf(node) : undefined;
    if (line && line.messages.length > 0) lines.push(line);
  });
  return lines;
}

function lineOf({ expression, arguments: all }: ts.CallExpression): LogLine | undefined {
  if (!ts.isPropertyAccessExpression(expression)) return undefined;
  const { name, expression: of } = expression;
  const isJournal = name.text === 'told' && /\bparts$/.test(of.getText());
  const isLog = /^(info|warn|error|debug|log)$/.test(name.text) && /\blog$/.test(of.getText());
  if (!isJournal && !isLog) return undefined;
  const [message, fields] = name.text === 'log' ? all.slice(1) : all;
  const finding = fields && /finding: '(CB\d+)'/.exec(fields.getText())?.[1];
  return {
    level: isJournal ? 'warn' : name.text === 'log' ? 'warn or info' : name.text,
    messages: message ? textsIn(message) : [],
    fields: fields ? namesIn(fields) : [],
    ...(finding !== undefined && { finding }),
  };
}

function textsIn(message: ts.Expression): readonly string[] {
  const texts: string[] = [];
  if (ts.isTemplateExpression(message))
    return [
      message
        .getText()
        .slice(1, -1)
        .replaceAll(/\$\{[^}]*\}/g, '…'),
    ];
  visit(message, (node) => {
    if (ts.isStringLiteral(node)) texts.push(node.text);
  });
  return texts;
}

/** Also those of objects that are spread into it, with or without a condition. */
function namesIn(fields: ts.Expression): readonly string[] {
  const names: string[] = [];
  const of = (object: ts.ObjectLiteralExpression): void => {
    for (const property of object.properties) {
      if (ts.isSpreadAssignment(property)) visit(property.expression, take);
      else if (property.name) names.push(property.name.getText());
    }
  };
  const take = (node: ts.Node): boolean => {
    if (!ts.isObjectLiteralExpression(node)) return false;
    of(node);
    return true;
  };
  visit(fields, take);
  return names;
}

/** @param seen returns true where what is below is not to be visited */
function visit(node: ts.Node, seen: (node: ts.Node) => boolean | void): void {
  if (seen(node) === true) return;
  ts.forEachChild(node, (child) => visit(child, seen));
}
