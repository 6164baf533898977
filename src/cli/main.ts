console.log('foreshift');
