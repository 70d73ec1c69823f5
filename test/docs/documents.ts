import { globSync, readFileSync } from "node:fs";

export const ROOT = `${import.meta.dirname}/../..`;

/** Every document of the project, as a path from its root. */
export const DOCUMENTS = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  ...globSync("docs/**/*.md", { cwd: ROOT }).sort(),
];

export const textOf = (file: string) => readFileSync(`${ROOT}/${file}`, "utf8");

/** The text without fenced code, where `#` begins a comment and not a heading. */
export const proseOf = (text: string) => text.replace(/^ *```[\s\S]*?^ *```$/gm, "");

export interface Heading {
  readonly level: number;
  readonly title: string;
}

export function headingsOf(text: string): Heading[] {
  return [...proseOf(text).matchAll(/^(#+) (.+)$/gm)].map(([, marks = "", title = ""]) => ({
    level: marks.length,
    title: title.trim(),
  }));
}

/** What stands under a heading, up to the next one of its level or above. Throws when there is no such heading. */
export function sectionOf(text: string, title: string): string {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, "") === title);
  if (start < 0) throw new Error(`There is no heading "${title}"`);
  const level = lines[start]?.indexOf(" ") ?? 0;
  const length = lines.slice(start + 1).findIndex((line) => new RegExp(`^#{1,${level}} `).test(line));
  return lines.slice(start + 1, length < 0 ? undefined : start + 1 + length).join("\n");
}

/** Titles of the headings directly below a heading. */
export function articlesOf(text: string, title: string): string[] {
  const level = headingsOf(text).find((heading) => heading.title === title)?.level ?? 0;
  return headingsOf(sectionOf(text, title))
    .filter((heading) => heading.level === level + 1)
    .map((heading) => heading.title);
}

/** The rows of all tables of a text, without their head; cells are trimmed. */
export function rowsOf(text: string): string[][] {
  const lines = text.split("\n");
  return lines
    .filter((line, index) => line.startsWith("|") && !/^\|[-|]+\|$/.test(line) && !isHead(lines, index))
    .map((line) =>
      line
        .slice(1, -1)
        .split(" | ")
        .map((cell) => cell.replace(/^\| ?| ?\|$/g, "").trim()),
    );
}

const isHead = (lines: readonly string[], index: number) => /^\|[-|]+\|$/.test(lines[index + 1] ?? "");

/** What stands in backticks. */
export const codesOf = (text: string) => [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
