import { BOARDROOM } from "./boardroom-names.ts";
import type { Installation } from "./install-boardroom.ts";

/** Before the time that clients get is over they have left: how long before, seconds. */
const LEFT_BEFORE = 5;

/**
 * The function of the application that tells clients with long connections to leave and to come back later. It says when
 * it tells them, and when the last one has left.
 */
export async function installNotice({ account }: Installation): Promise<void> {
  if (!account) throw new Error("Long connections need an account where the notice function can be made");
  const { noticeFunction: name } = BOARDROOM;
  const Role = account.identities.createRole({
    name,
    assumeRolePolicy: {
      Statement: [
        { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
      ],
    },
    inlinePolicies: {
      log: {
        Statement: [
          { Effect: "Allow", Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: "*" },
        ],
      },
    },
  });
  await account.lambda.install({
    FunctionName: name,
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Timeout: 900,
    Role,
    Code: { ZipFile: SOURCE },
  });
}

const SOURCE = `
exports.handler = async ({ component, seconds }) => {
  console.log("clients of " + component + " are asked to leave within " + seconds + " s");
  await new Promise((done) => setTimeout(done, Math.max(0, seconds - ${LEFT_BEFORE}) * 1000));
  console.log("every client of " + component + " has left");
};
`;
