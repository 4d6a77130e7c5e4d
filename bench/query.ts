import { performance } from "node:perf_hooks";
import { Study, Worklist } from "@weald/dev-env/bench";
