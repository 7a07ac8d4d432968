import { App } from "aws-cdk-lib";
import { ApiStack } from "../lib/api-stack";
import { FrontendStack } from "../lib/frontend-stack";
import { NetworkStack } from "../lib/network-stack";

const app = new App();
new NetworkStack(app, "NetworkStack");
new ApiStack(app, "ApiStack");
new FrontendStack(app, "FrontendStack");
