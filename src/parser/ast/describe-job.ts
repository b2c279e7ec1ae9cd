// DESCRIBE JOB '<id>'.

export interface DescribeJob {
  readonly kind: "describe-job";
  readonly job: string;
}
